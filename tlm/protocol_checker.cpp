#include "tlm/protocol_checker.h"

#include <algorithm>

namespace nandtlm {
namespace {

using tlm::tlm_generic_payload;
using tlm::tlm_phase;
using tlm::tlm_sync_enum;

// The rules, with their clauses in IEEE 1666-2011.
constexpr const char* kAcceptedChanged = "accepted_changed (11.1.2.7)";
constexpr const char* kAttributeChanged = "attribute_changed (14.7)";
constexpr const char* kMemoryManagement = "memory_management (14.5)";
constexpr const char* kMixedTransport = "mixed_transport (15.2.8, 15.2.10)";
constexpr const char* kNestedCall = "nested_call (11.1.2.4)";
constexpr const char* kNotInFlight = "not_in_flight (15.2.3, 15.2.5)";
constexpr const char* kPhaseOrder = "phase_order (15.2.4)";
constexpr const char* kRequestAttribute = "request_attribute (14.7)";
constexpr const char* kRequestExclusion = "request_exclusion (15.2.6 e)";
constexpr const char* kResponseExclusion = "response_exclusion (15.2.6 f)";
constexpr const char* kResponseStatus = "response_status (14.17, 15.2.11)";
constexpr const char* kReturnValue = "return_value (15.2.3 f)";
constexpr const char* kTimeBack = "time_back (15.2.7)";
constexpr const char* kWrongPath = "wrong_path (15.2.3 c)";

bool is_base_phase(const tlm_phase& phase) {
  return static_cast<unsigned int>(phase) <= tlm::END_RESP;
}

std::string transaction_name(std::uint64_t number) {
  return number == 0 ? "unknown transaction" : "transaction " + std::to_string(number);
}

/// Counts a call as open while it is passed on, also where it ends in an exception.
class OpenCall {
 public:
  explicit OpenCall(int& open_calls) : open_calls_(open_calls) { ++open_calls_; }
  ~OpenCall() { --open_calls_; }
  OpenCall(const OpenCall&) = delete;
  OpenCall& operator=(const OpenCall&) = delete;

 private:
  int& open_calls_;
};

}  // namespace

ProtocolChecker::ProtocolChecker(sc_core::sc_module_name name, const ProtocolCheckerOptions& options)
    : sc_core::sc_module(name),
      target_socket("target_socket"),
      initiator_socket("initiator_socket"),
      options_(options) {
  target_socket.bind(static_cast<tlm::tlm_fw_transport_if<>&>(*this));
  initiator_socket.bind(static_cast<tlm::tlm_bw_transport_if<>&>(*this));
}

ProtocolChecker::Attributes::Attributes(const tlm_generic_payload& payload)
    : command(payload.get_command()),
      address(payload.get_address()),
      data_ptr(payload.get_data_ptr()),
      data_length(payload.get_data_length()),
      streaming_width(payload.get_streaming_width()),
      byte_enable_ptr(payload.get_byte_enable_ptr()),
      byte_enable_length(payload.get_byte_enable_length()),
      option(payload.get_gp_option()) {}

std::vector<std::string> ProtocolChecker::in_flight() const {
  std::vector<const Transaction*> open;
  open.reserve(live_.size());
  for (const auto& entry : live_) open.push_back(&entry.second);
  std::sort(open.begin(), open.end(), [](const auto* a, const auto* b) { return a->number < b->number; });
  std::vector<std::string> lines;
  lines.reserve(open.size());
  for (const Transaction* transaction : open) {
    lines.push_back(transaction_name(transaction->number) + ": " + stage_name(transaction->stage) + " since " +
                    transaction->stage_since.to_string());
  }
  return lines;
}

// --- The calls -------------------------------------------------------------------------------------------------------

tlm_sync_enum ProtocolChecker::nb_transport_fw(tlm_generic_payload& payload, tlm_phase& phase,
                                               sc_core::sc_time& delay) {
  check_not_nested(open_backward_calls_ > 0, "nb_transport_fw called from within nb_transport_bw");
  const Call call = judge_call(Path::Forward, payload, phase, delay);
  tlm_sync_enum status = tlm::TLM_ACCEPTED;
  {
    const OpenCall open(open_forward_calls_);
    status = initiator_socket->nb_transport_fw(payload, phase, delay);
  }
  judge_return(call, payload, phase, delay, status);
  return status;
}

tlm_sync_enum ProtocolChecker::nb_transport_bw(tlm_generic_payload& payload, tlm_phase& phase,
                                               sc_core::sc_time& delay) {
  check_not_nested(open_forward_calls_ > 0, "nb_transport_bw called from within nb_transport_fw");
  const Call call = judge_call(Path::Backward, payload, phase, delay);
  tlm_sync_enum status = tlm::TLM_ACCEPTED;
  {
    const OpenCall open(open_backward_calls_);
    status = target_socket->nb_transport_bw(payload, phase, delay);
  }
  judge_return(call, payload, phase, delay, status);
  return status;
}

void ProtocolChecker::b_transport(tlm_generic_payload& payload, sc_core::sc_time& delay) {
  check_not_nested(open_forward_calls_ + open_backward_calls_ > 0, "b_transport called from within nb_transport");
  if (const Transaction* live = find(payload)) {
    violate(kMixedTransport, live->number, "b_transport while it is in flight");
    initiator_socket->b_transport(payload, delay);
    return;
  }
  const std::uint64_t number = begin_transaction(payload, delay, Stage::Blocking);
  if (payload.has_mm()) check_memory_management(payload, number);
  try {
    initiator_socket->b_transport(payload, delay);
  } catch (...) {  // the waiting process was killed, or the target reported an error: either way it is over
    end_transaction(&payload);
    throw;
  }
  if (Transaction* transaction = find(payload)) {
    check_time(*transaction, delay);
    check_unchanged(*transaction, payload);
    check_response_status(*transaction, payload);
  }
  end_transaction(&payload);
}

bool ProtocolChecker::get_direct_mem_ptr(tlm_generic_payload& payload, tlm::tlm_dmi& dmi) {
  return initiator_socket->get_direct_mem_ptr(payload, dmi);
}

unsigned int ProtocolChecker::transport_dbg(tlm_generic_payload& payload) {
  return initiator_socket->transport_dbg(payload);
}

void ProtocolChecker::invalidate_direct_mem_ptr(sc_dt::uint64 start, sc_dt::uint64 end) {
  target_socket->invalidate_direct_mem_ptr(start, end);
}

// --- What a call and its return mean ---------------------------------------------------------------------------------

ProtocolChecker::Call ProtocolChecker::judge_call(Path path, const tlm_generic_payload& payload, const tlm_phase& phase,
                                                  const sc_core::sc_time& delay) {
  Call call{path, phase, delay, 0};
  if (path == Path::Forward && phase == tlm::BEGIN_REQ) {
    call.number = begin_request(payload, delay);
    check_memory_management(payload, call.number);
    return call;
  }
  Transaction* transaction = find(payload);
  call.number = transaction != nullptr ? transaction->number : 0;
  check_memory_management(payload, call.number);
  if (transaction == nullptr) {
    violate(kNotInFlight, 0, std::string(phase.get_name()) + " for a payload that is not in flight");
    return call;
  }
  check_time(*transaction, delay);
  check_unchanged(*transaction, payload);
  judge_phase(path == Path::Forward ? Sender::Initiator : Sender::Target, *transaction, payload, phase);
  return call;
}

void ProtocolChecker::judge_return(const Call& call, const tlm_generic_payload& payload, const tlm_phase& phase,
                                   const sc_core::sc_time& delay, tlm_sync_enum status) {
  if (status == tlm::TLM_ACCEPTED && (phase != call.phase || delay != call.delay)) {
    violate(kAcceptedChanged, call.number, "phase or time changed by a callee that returned TLM_ACCEPTED");
  }
  if (call.number == 0) return;
  Transaction* transaction = find(payload);
  if (transaction == nullptr || transaction->number != call.number) {
    judge_last_return(call, status);
    return;
  }
  if (status != tlm::TLM_ACCEPTED) check_time(*transaction, delay);
  // Only the caller on the forward path surely holds its reference until now.
  if (call.path == Path::Forward) check_unchanged(*transaction, payload);
  if (status == tlm::TLM_UPDATED) {
    judge_phase(call.path == Path::Forward ? Sender::Target : Sender::Initiator, *transaction, payload, phase);
  } else if (status == tlm::TLM_COMPLETED) {
    judge_completion(call, *transaction, payload);
  }
}

void ProtocolChecker::judge_phase(Sender sender, Transaction& transaction, const tlm_generic_payload& payload,
                                  const tlm_phase& phase) {
  if (!is_base_phase(phase)) return;
  const Sender right_sender = phase == tlm::END_REQ || phase == tlm::BEGIN_RESP ? Sender::Target : Sender::Initiator;
  if (sender != right_sender || phase == tlm::UNINITIALIZED_PHASE) {
    violate(kWrongPath, transaction.number,
            std::string(phase.get_name()) + " from the " + (sender == Sender::Target ? "target" : "initiator"));
    return;
  }
  const Stage stage = transaction.stage;
  if (phase == tlm::END_REQ && stage == Stage::BeginReq) {
    end_request(transaction);
    enter(transaction, Stage::EndReq);
  } else if (phase == tlm::BEGIN_RESP && (stage == Stage::BeginReq || stage == Stage::EndReq)) {
    begin_response(transaction, payload);
  } else if (phase == tlm::END_RESP && stage == Stage::BeginResp) {
    end_transaction(&payload);
  } else {
    violate(kPhaseOrder, transaction.number, std::string(phase.get_name()) + " after " + stage_name(stage));
  }
}

void ProtocolChecker::judge_completion(const Call& call, Transaction& transaction, const tlm_generic_payload& payload) {
  const bool forward = call.path == Path::Forward;
  if (forward && call.phase == tlm::BEGIN_REQ) {
    begin_response(transaction, payload);
  } else if (call.phase != (forward ? tlm::END_RESP : tlm::BEGIN_RESP)) {
    violate(kReturnValue, call.number, std::string("TLM_COMPLETED in answer to ") + call.phase.get_name());
  }
  end_transaction(&payload);
}

void ProtocolChecker::judge_last_return(const Call& call, tlm_sync_enum status) {
  if (status == tlm::TLM_ACCEPTED) return;
  if (status == tlm::TLM_COMPLETED && call.phase == tlm::END_RESP) return;
  violate(kReturnValue, call.number,
          std::string(status == tlm::TLM_UPDATED ? "TLM_UPDATED" : "TLM_COMPLETED") + " in answer to " +
              call.phase.get_name() + " of a transaction that has ended");
}

// --- The life of a transaction ---------------------------------------------------------------------------------------

std::uint64_t ProtocolChecker::begin_request(const tlm_generic_payload& payload, const sc_core::sc_time& delay) {
  if (const Transaction* live = find(payload)) {
    if (live->stage == Stage::Blocking) {
      violate(kMixedTransport, live->number, "BEGIN_REQ during its b_transport");
      return 0;
    }
    const std::uint64_t number = live->number;
    const std::string what = std::string("BEGIN_REQ after ") + stage_name(live->stage);
    end_transaction(&payload);
    violate(kPhaseOrder, number, what);
  }
  const std::uint64_t number = begin_transaction(payload, delay, Stage::BeginReq);
  if (open_request_ == 0) {
    open_request_ = number;
  } else {
    violate(kRequestExclusion, number,
            "BEGIN_REQ while the request of " + transaction_name(open_request_) + " is open");
  }
  return number;
}

void ProtocolChecker::end_request(const Transaction& transaction) {
  if (open_request_ == transaction.number) open_request_ = 0;
}

void ProtocolChecker::begin_response(Transaction& transaction, const tlm_generic_payload& payload) {
  end_request(transaction);
  enter(transaction, Stage::BeginResp);
  check_response_status(transaction, payload);
  if (open_response_ == 0) {
    open_response_ = transaction.number;
  } else {
    violate(kResponseExclusion, transaction.number,
            "BEGIN_RESP while the response of " + transaction_name(open_response_) + " is open");
  }
}

ProtocolChecker::Transaction* ProtocolChecker::find(const tlm_generic_payload& payload) {
  const auto found = live_.find(&payload);
  return found == live_.end() ? nullptr : &found->second;
}

std::uint64_t ProtocolChecker::begin_transaction(const tlm_generic_payload& payload, const sc_core::sc_time& delay,
                                                 Stage stage) {
  const std::uint64_t number = ++last_number_;
  const sc_core::sc_time& now = sc_core::sc_time_stamp();
  live_.emplace(&payload,
                Transaction{number, stage, now, now + delay, Attributes(payload), tlm::TLM_INCOMPLETE_RESPONSE});
  check_request_attributes(payload, number);
  return number;
}

void ProtocolChecker::enter(Transaction& transaction, Stage stage) {
  transaction.stage = stage;
  transaction.stage_since = sc_core::sc_time_stamp();
}

void ProtocolChecker::end_transaction(const tlm_generic_payload* payload) {
  const auto found = live_.find(payload);
  if (found == live_.end()) return;
  end_request(found->second);
  if (open_response_ == found->second.number) open_response_ = 0;
  live_.erase(found);
}

// --- Single rules ----------------------------------------------------------------------------------------------------

void ProtocolChecker::check_not_nested(bool nested, const char* call) {
  if (nested) violate(kNestedCall, 0, call);
}

void ProtocolChecker::check_memory_management(const tlm_generic_payload& payload, std::uint64_t number) {
  if (!payload.has_mm()) {
    violate(kMemoryManagement, number, "nb_transport without a memory manager");
  } else if (payload.get_ref_count() < 1) {
    violate(kMemoryManagement, number, "reference count 0");
  }
}

void ProtocolChecker::check_request_attributes(const tlm_generic_payload& payload, std::uint64_t number) {
  const auto require = [&](bool right, const char* what) {
    if (!right) violate(kRequestAttribute, number, what);
  };
  const bool moves_data = payload.get_command() != tlm::TLM_IGNORE_COMMAND;
  require(!moves_data || payload.get_data_ptr() != nullptr, "no data pointer");
  require(!moves_data || payload.get_data_length() > 0, "data length 0");
  require(payload.get_byte_enable_ptr() == nullptr || payload.get_byte_enable_length() > 0, "byte enable length 0");
  require(payload.get_streaming_width() > 0, "streaming width 0");
  require(!payload.is_dmi_allowed(), "DMI allowed is set");
  require(payload.get_response_status() == tlm::TLM_INCOMPLETE_RESPONSE,
          "response status is not TLM_INCOMPLETE_RESPONSE");
  require(payload.get_gp_option() == tlm::TLM_MIN_PAYLOAD, "option is not TLM_MIN_PAYLOAD");
}

void ProtocolChecker::check_unchanged(Transaction& transaction, const tlm_generic_payload& payload) {
  const Attributes now(payload);
  std::string changed = changed_attributes(transaction.attributes, now);
  transaction.attributes = now;
  if (transaction.stage == Stage::BeginResp && payload.get_response_status() != transaction.response) {
    changed += " response_status";
    transaction.response = payload.get_response_status();
  }
  if (!changed.empty()) violate(kAttributeChanged, transaction.number, "changed in flight:" + changed);
}

void ProtocolChecker::check_time(Transaction& transaction, const sc_core::sc_time& delay) {
  const sc_core::sc_time before = transaction.local_time;
  transaction.local_time = sc_core::sc_time_stamp() + delay;
  if (transaction.local_time >= before) return;
  violate(kTimeBack, transaction.number,
          "time with annotated delay " + transaction.local_time.to_string() + " after " + before.to_string());
}

void ProtocolChecker::check_response_status(Transaction& transaction, const tlm_generic_payload& payload) {
  transaction.response = payload.get_response_status();
  if (transaction.response == tlm::TLM_INCOMPLETE_RESPONSE) {
    violate(kResponseStatus, transaction.number, "response with TLM_INCOMPLETE_RESPONSE");
  }
}

void ProtocolChecker::violate(const char* rule, std::uint64_t number, const std::string& what) {
  const std::string text =
      std::string(rule) + ": " + transaction_name(number) + " at " + sc_core::sc_time_stamp().to_string() + ": " + what;
  ++violation_count_;
  if (violations_.size() < options_.max_texts) violations_.push_back(text);
  if (options_.report_errors) SC_REPORT_ERROR("/nandtlm/protocol_checker", (std::string(name()) + ": " + text).c_str());
}

std::string ProtocolChecker::changed_attributes(const Attributes& before, const Attributes& now) const {
  std::string changed;
  const auto compare = [&changed](bool same, const char* attribute) {
    if (!same) changed += std::string(" ") + attribute;
  };
  compare(before.command == now.command, "command");
  compare(before.address == now.address || options_.address_may_change, "address");
  compare(before.data_ptr == now.data_ptr, "data_ptr");
  compare(before.data_length == now.data_length, "data_length");
  compare(before.streaming_width == now.streaming_width, "streaming_width");
  compare(before.byte_enable_ptr == now.byte_enable_ptr, "byte_enable_ptr");
  compare(before.byte_enable_length == now.byte_enable_length, "byte_enable_length");
  compare(before.option == now.option, "option");
  return changed;
}

const char* ProtocolChecker::stage_name(Stage stage) {
  switch (stage) {
    case Stage::BeginReq:
      return "BEGIN_REQ";
    case Stage::EndReq:
      return "END_REQ";
    case Stage::BeginResp:
      return "BEGIN_RESP";
    case Stage::Blocking:
      break;
  }
  return "b_transport";
}

}  // namespace nandtlm
