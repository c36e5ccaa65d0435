// A package with a client on every channel that logs what it hears, and a protocol checker in between.
#pragma once

#include <gmock/gmock.h>
#include <cmath>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "config/device_loader.h"
#include "model/package.h"
#include "tests/support/systemc_fixture.h"
#include "tlm/payload_pool.h"
#include "tlm/phases.h"
#include "tlm/protocol_checker.h"

namespace nandtlm {

using Bytes = std::vector<std::uint8_t>;
using Overrides = std::vector<std::pair<std::string, std::string>>;

inline Time us(double value) {
  return std::llround(value * static_cast<double>(kPsPerUs));
}
inline sc_core::sc_time kernel_time(Time time) {
  return sc_core::sc_time::from_value(static_cast<sc_dt::uint64>(time));  // tests run at the default resolution of 1 ps
}
inline Time now_ps() {
  return static_cast<Time>(sc_core::sc_time_stamp().value());
}

inline std::shared_ptr<const Device> shipped_device(const std::string& name, const Overrides& overrides = {}) {
  LoadOptions options;
  options.overrides = overrides;
  LoadedDevice loaded = load_device(std::string(NANDTLM_SOURCE_DIR) + "/config/devices/" + name, options);
  for (const ConfigError& error : loaded.errors) ADD_FAILURE() << error.text();
  return std::make_shared<const Device>(std::move(*loaded.device));
}

/// What a client heard on the backward path, or as the answer of a forward call.
struct Heard {
  Time at = 0;
  std::string phase;
  const tlm::tlm_generic_payload* payload = nullptr;
};

/// An initiator for one channel. Answers BEGIN_RESP with TLM_COMPLETED unless told to keep the response open.
class LoggingClient : public sc_core::sc_module, private tlm::tlm_bw_transport_if<> {
 public:
  explicit LoggingClient(sc_core::sc_module_name name) : sc_core::sc_module(name), socket("socket") {
    socket.bind(static_cast<tlm::tlm_bw_transport_if<>&>(*this));
  }

  tlm::tlm_initiator_socket<> socket;
  bool keeps_responses_open = false;
  bool base_phases_only = false;  ///< an initiator that knows nothing of extended phases
  std::vector<Heard> heard;
  std::function<void(const Heard&)> reacts;             ///< called from within the backward call
  const tlm::tlm_generic_payload* pauses_at = nullptr;  ///< the simulation pauses where this one is answered

  tlm::tlm_sync_enum send(tlm::tlm_generic_payload& payload, tlm::tlm_phase phase = tlm::BEGIN_REQ,
                          sc_core::sc_time delay = sc_core::SC_ZERO_TIME) {
    const tlm::tlm_sync_enum answer = socket->nb_transport_fw(payload, phase, delay);
    if (answer == tlm::TLM_COMPLETED && phase == tlm::BEGIN_REQ) heard.push_back({now_ps(), "COMPLETED", &payload});
    return answer;
  }

  /// The moment at which a phase came for a payload, -1: never.
  Time when(const tlm::tlm_generic_payload& payload, const std::string& phase) const {
    for (const Heard& item : heard) {
      if (item.payload == &payload && item.phase == phase) return item.at;
    }
    return -1;
  }
  std::vector<std::string> phases_of(const tlm::tlm_generic_payload& payload) const {
    std::vector<std::string> phases;
    for (const Heard& item : heard) {
      if (item.payload == &payload) phases.push_back(item.phase);
    }
    return phases;
  }
  bool answered(const tlm::tlm_generic_payload& payload) const {
    return when(payload, "BEGIN_RESP") >= 0 || when(payload, "COMPLETED") >= 0;
  }

 private:
  tlm::tlm_sync_enum nb_transport_bw(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                     sc_core::sc_time& delay) override {
    EXPECT_EQ(delay, sc_core::SC_ZERO_TIME);
    if (base_phases_only && static_cast<unsigned>(phase) > tlm::END_RESP) return tlm::TLM_ACCEPTED;
    heard.push_back({now_ps(), phase.get_name(), &payload});
    if (reacts) reacts(heard.back());
    if (phase == tlm::BEGIN_RESP && &payload == pauses_at) sc_core::sc_pause();
    return phase == tlm::BEGIN_RESP && !keeps_responses_open ? tlm::TLM_COMPLETED : tlm::TLM_ACCEPTED;
  }
  void invalidate_direct_mem_ptr(sc_dt::uint64, sc_dt::uint64) override {}
};

/// One package with its clients and checkers.
class PackageRig {
 public:
  PackageRig(const std::string& name, std::shared_ptr<const Device> described)
      : package((name + "_package").c_str(), std::move(described)) {
    for (std::size_t c = 0; c < package.channels(); ++c) {
      clients.push_back(std::make_unique<LoggingClient>((name + "_client" + std::to_string(c)).c_str()));
      checkers.push_back(std::make_unique<ProtocolChecker>((name + "_checker" + std::to_string(c)).c_str()));
      clients[c]->socket.bind(checkers[c]->target_socket);
      checkers[c]->initiator_socket.bind(package.channel_socket(c));
    }
  }
  ~PackageRig() {
    for (tlm::tlm_generic_payload* payload : held_) payload->release();
  }
  PackageRig(const PackageRig&) = delete;
  PackageRig& operator=(const PackageRig&) = delete;

  PayloadPool pool;  // first: outlives the payloads that the package still holds
  Package package;
  std::vector<std::unique_ptr<LoggingClient>> clients;
  std::vector<std::unique_ptr<ProtocolChecker>> checkers;

  const Device& device() const { return package.device(); }
  LoggingClient& client_of(std::uint32_t die) { return *clients[device().topology.channel_of(die)]; }
  std::size_t page_bytes() const { return device().topology.page_total_bytes(); }

  OpId op(const std::string& name) const {
    const auto found = device().find_op(name);
    EXPECT_TRUE(found) << name;
    return found.value_or(OpId{});
  }
  Time issue(const std::string& name) const { return device().op(op(name)).issue_time(); }
  Time nominal(const std::string& name) const { return device().op(op(name)).nominal; }

  /// A payload that the rig keeps a reference to until its end.
  tlm::tlm_generic_payload& request(const std::string& name, std::uint32_t die, const TargetList& targets = {},
                                    Bytes* data = nullptr) {
    tlm::tlm_generic_payload& payload = pool.acquire();
    held_.push_back(&payload);
    NandCommand& command = *PayloadPool::command(payload);
    command.op = op(name);
    command.die = die;
    command.targets = targets;
    if (data == nullptr) return payload;
    const Action action = device().base_of(command.op).effects.action;
    payload.set_command(action == Action::Program ? tlm::TLM_WRITE_COMMAND : tlm::TLM_READ_COMMAND);
    payload.set_data_ptr(data->data());
    payload.set_data_length(static_cast<unsigned>(data->size()));
    payload.set_streaming_width(static_cast<unsigned>(data->size()));
    return payload;
  }

  /// Sends a request now.
  tlm::tlm_generic_payload& send(const std::string& name, std::uint32_t die, const TargetList& targets = {},
                                 Bytes* data = nullptr) {
    tlm::tlm_generic_payload& payload = request(name, die, targets, data);
    client_of(die).send(payload);
    return payload;
  }

  /// Sends a request and lets time go on until it is answered, or for a second at the most.
  tlm::tlm_generic_payload& run(const std::string& name, std::uint32_t die, const TargetList& targets = {},
                                Bytes* data = nullptr) {
    tlm::tlm_generic_payload& payload = send(name, die, targets, data);
    finish(payload);
    return payload;
  }
  /// Time stands at the moment of the answer then.
  void finish(const tlm::tlm_generic_payload& payload) {
    LoggingClient& client = client_of(command_of(payload).die);
    if (client.answered(payload)) return;
    client.pauses_at = &payload;
    sc_core::sc_start(sc_core::sc_time(1, sc_core::SC_SEC));
    client.pauses_at = nullptr;
    ASSERT_TRUE(client.answered(payload));
  }
  /// As run(), and the answer must be TLM_OK_RESPONSE.
  tlm::tlm_generic_payload& run_ok(const std::string& name, std::uint32_t die, const TargetList& targets = {},
                                   Bytes* data = nullptr) {
    tlm::tlm_generic_payload& payload = run(name, die, targets, data);
    EXPECT_EQ(payload.get_response_status(), tlm::TLM_OK_RESPONSE) << name << ": " << refusal_text(payload);
    return payload;
  }

  static const NandCommand& command_of(const tlm::tlm_generic_payload& payload) {
    return *payload.get_extension<NandCommand>();
  }
  static Reason reason_of(const tlm::tlm_generic_payload& payload) { return command_of(payload).refusal.reason; }
  static std::string refusal_text(const tlm::tlm_generic_payload& payload) {
    return std::string(nandtlm::name(reason_of(payload))) + " by " + command_of(payload).refusal.rule;
  }

  /// A page of this die, all bytes made from `seed`.
  Bytes page(unsigned seed) const {
    Bytes bytes(page_bytes());
    for (std::size_t i = 0; i < bytes.size(); ++i)
      bytes[i] = static_cast<std::uint8_t>(i * 31 + std::size_t{seed} * 97 + 5);
    return bytes;
  }
  Bytes erased(std::size_t pages = 1) const { return Bytes(page_bytes() * pages, 0xFF); }
  Bytes room(std::size_t pages = 1) const { return Bytes(page_bytes() * pages, 0xA5); }

  Bytes debug_read(std::uint32_t die, std::uint32_t block, std::uint32_t page, const std::string& op_name) {
    Bytes data = room();
    debug(tlm::TLM_READ_COMMAND, die, block, page, op_name, data);
    return data;
  }
  unsigned debug(tlm::tlm_command direction, std::uint32_t die, std::uint32_t block, std::uint32_t page,
                 const std::string& op_name, Bytes& data) {
    tlm::tlm_generic_payload& payload = request(op_name, die, {}, &data);
    const Topology& t = device().topology;
    const AddressMap map{t.dies, t.blocks_per_die, t.pages_per_block, t.page_total_bytes()};
    payload.set_command(direction);
    payload.set_address(map.to_byte_address({die, block, page, 0}));
    return client_of(die).socket->transport_dbg(payload);
  }

  /// No violation, no reference left behind, and the model's own check passes.
  void expect_sound() {
    for (const auto& checker : checkers) {
      EXPECT_THAT(checker->violations(), ::testing::IsEmpty());
    }
    for (const tlm::tlm_generic_payload* payload : held_) {
      const bool in_flight = payload->get_response_status() == tlm::TLM_INCOMPLETE_RESPONSE;
      EXPECT_TRUE(in_flight || payload->get_ref_count() == 1) << "the package kept a reference";
    }
    for (const CheckLine& line : package.observers().self_check().report()) {
      EXPECT_TRUE(line.pass) << line.name << ": " << line.detail;
    }
  }

 private:
  std::vector<tlm::tlm_generic_payload*> held_;
};

/// A process that runs what a test gives it: for blocking calls.
class Thread : public sc_core::sc_module {
 public:
  Thread(sc_core::sc_module_name name, std::function<void()> body) : sc_core::sc_module(name), body_(std::move(body)) {
    SC_HAS_PROCESS(Thread);
    SC_THREAD(run);
  }
  bool finished() const { return finished_; }

 private:
  void run() {
    body_();
    finished_ = true;
  }
  std::function<void()> body_;
  bool finished_ = false;
};

/// Lets time go on to an absolute moment.
inline void run_to(Time time) {
  sc_core::sc_start(kernel_time(time - now_ps()));
}
inline void run_for(Time time) {
  sc_core::sc_start(kernel_time(time));
}

/// One package; what the test does must leave it sound.
class PackageTest : public SystemCTest {
 protected:
  explicit PackageTest(std::shared_ptr<const Device> device) : rig("nand", std::move(device)) {}
  void TearDown() override { rig.expect_sound(); }

  PackageRig rig;
};

/// The small device: one die, two planes. The test starts the simulation.
class SmallPackageTest : public PackageTest {
 protected:
  explicit SmallPackageTest(const Overrides& overrides = {})
      : PackageTest(shipped_device("small_2plane.yaml", overrides)) {}
};

/// The large device with small pages: two channels, eight dies, four planes. The test starts the simulation.
class LargePackageTest : public PackageTest {
 protected:
  explicit LargePackageTest(const Overrides& overrides = {})
      : PackageTest(shipped_device("tlc_4plane.yaml", with_small_pages(overrides))) {}

 private:
  static Overrides with_small_pages(Overrides overrides) {
    overrides.insert(overrides.begin(), {{"topology.page_bytes", "64"}, {"topology.spare_bytes", "8"}});
    return overrides;
  }
};

}  // namespace nandtlm
