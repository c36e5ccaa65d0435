// A module that sits on a binding and judges the TLM-2.0 base protocol on it (TLM-02).
#pragma once

#include <cstdint>
#include <string>
#include <systemc>
#include <tlm>
#include <unordered_map>
#include <vector>

namespace nandtlm {

struct ProtocolCheckerOptions {
  /// Also report each violation with SC_REPORT_ERROR, message type "/nandtlm/protocol_checker". The kernel's default
  /// action throws out of the transport call.
  bool report_errors = false;
  /// What stands behind the checker is an interconnect, which may overwrite the address on its way down.
  bool address_may_change = false;
  /// Texts that violations() keeps; later ones are counted only.
  std::size_t max_texts = 100;
};

/// Bound between an initiator socket and a target socket, it passes every call on at once and unchanged (a transparent
/// component, IEEE 1666 15.2.5) and judges what it sees: order and direction of the phases, return values, the
/// exclusion rules, times that go back, attributes changed in flight, memory management and the response status. An
/// instance knows its own hop only. Ignorable phases pass at any moment in the life of a transaction.
///
/// Not judged: contents of the data and byte enable arrays, extensions, debug and direct memory transactions.
class ProtocolChecker : public sc_core::sc_module,
                        private tlm::tlm_fw_transport_if<>,
                        private tlm::tlm_bw_transport_if<> {
 public:
  tlm::tlm_target_socket<> target_socket;        ///< binds the initiator
  tlm::tlm_initiator_socket<> initiator_socket;  ///< binds to the target

  explicit ProtocolChecker(sc_core::sc_module_name name, const ProtocolCheckerOptions& options = {});

  /// The first violations, one line each: rule and clause of IEEE 1666, transaction number, time, what happened.
  const std::vector<std::string>& violations() const { return violations_; }
  /// All violations, those beyond `max_texts` included.
  std::uint64_t violation_count() const { return violation_count_; }
  /// Transactions seen so far; they are numbered from 1 in the order of their requests.
  std::uint64_t transactions() const { return last_number_; }
  /// One line for each transaction that has not ended, oldest first: after a run that has drained, a hang.
  std::vector<std::string> in_flight() const;

 private:
  enum class Path : std::uint8_t { Forward, Backward };
  enum class Sender : std::uint8_t { Initiator, Target };
  /// The last phase of the base protocol that a transaction has passed.
  enum class Stage : std::uint8_t { BeginReq, EndReq, BeginResp, Blocking };

  /// What only the initiator may set, and only before the request.
  struct Attributes {
    explicit Attributes(const tlm::tlm_generic_payload& payload);

    tlm::tlm_command command;
    sc_dt::uint64 address;
    const unsigned char* data_ptr;
    unsigned int data_length;
    unsigned int streaming_width;
    const unsigned char* byte_enable_ptr;
    unsigned int byte_enable_length;
    tlm::tlm_gp_option option;
  };

  struct Transaction {
    std::uint64_t number;
    Stage stage;
    sc_core::sc_time stage_since;
    sc_core::sc_time local_time;  ///< kernel time plus annotated delay of the latest call or return
    Attributes attributes;
    tlm::tlm_response_status response;
  };

  /// A transport call as it came in, kept while it is passed on. Transaction 0: the call cannot be judged further.
  struct Call {
    Path path;
    tlm::tlm_phase phase;
    sc_core::sc_time delay;
    std::uint64_t number;
  };

  tlm::tlm_sync_enum nb_transport_fw(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                     sc_core::sc_time& delay) override;
  tlm::tlm_sync_enum nb_transport_bw(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                     sc_core::sc_time& delay) override;
  void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) override;
  bool get_direct_mem_ptr(tlm::tlm_generic_payload& payload, tlm::tlm_dmi& dmi) override;
  unsigned int transport_dbg(tlm::tlm_generic_payload& payload) override;
  void invalidate_direct_mem_ptr(sc_dt::uint64 start, sc_dt::uint64 end) override;

  Call judge_call(Path path, const tlm::tlm_generic_payload& payload, const tlm::tlm_phase& phase,
                  const sc_core::sc_time& delay);
  void judge_return(const Call& call, const tlm::tlm_generic_payload& payload, const tlm::tlm_phase& phase,
                    const sc_core::sc_time& delay, tlm::tlm_sync_enum status);
  void judge_phase(Sender sender, Transaction& transaction, const tlm::tlm_generic_payload& payload,
                   const tlm::tlm_phase& phase);
  void judge_completion(const Call& call, Transaction& transaction, const tlm::tlm_generic_payload& payload);
  /// The return of a call during which, or with which, the transaction ended.
  void judge_last_return(const Call& call, tlm::tlm_sync_enum status);

  /// BEGIN_REQ; returns the number of the new transaction, 0 where the payload is in a b_transport.
  std::uint64_t begin_request(const tlm::tlm_generic_payload& payload, const sc_core::sc_time& delay);
  void end_request(const Transaction& transaction);
  void begin_response(Transaction& transaction, const tlm::tlm_generic_payload& payload);

  Transaction* find(const tlm::tlm_generic_payload& payload);
  std::uint64_t begin_transaction(const tlm::tlm_generic_payload& payload, const sc_core::sc_time& delay, Stage stage);
  void enter(Transaction& transaction, Stage stage);
  /// Forgets the transaction of `payload`. Looks at the pointer only: the payload may have been released.
  void end_transaction(const tlm::tlm_generic_payload* payload);

  void check_not_nested(bool nested, const char* call);
  void check_memory_management(const tlm::tlm_generic_payload& payload, std::uint64_t number);
  void check_request_attributes(const tlm::tlm_generic_payload& payload, std::uint64_t number);
  void check_unchanged(Transaction& transaction, const tlm::tlm_generic_payload& payload);
  void check_time(Transaction& transaction, const sc_core::sc_time& delay);
  void check_response_status(Transaction& transaction, const tlm::tlm_generic_payload& payload);

  /// `rule` is one of the names in the .cpp.
  void violate(const char* rule, std::uint64_t number, const std::string& what);

  /// The names of the attributes that differ, empty where none does.
  std::string changed_attributes(const Attributes& before, const Attributes& now) const;
  static const char* stage_name(Stage stage);

  ProtocolCheckerOptions options_;
  std::unordered_map<const tlm::tlm_generic_payload*, Transaction> live_;
  std::uint64_t last_number_ = 0;
  std::uint64_t open_request_ = 0;   ///< the transaction between BEGIN_REQ and END_REQ, 0: none
  std::uint64_t open_response_ = 0;  ///< the transaction between BEGIN_RESP and END_RESP, 0: none
  int open_forward_calls_ = 0;       ///< nb_transport_fw calls being passed on now
  int open_backward_calls_ = 0;
  std::vector<std::string> violations_;
  std::uint64_t violation_count_ = 0;
};

}  // namespace nandtlm
