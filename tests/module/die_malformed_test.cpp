// Malformed transactions get a fitting answer, and the package works on as if nothing had happened.
#include "tests/module/package_bench.h"

namespace nandtlm {
namespace {

class DieMalformed : public LargePackageTest {
 protected:
  DieMalformed() { run_for(us(1)); }

  void TearDown() override {
    // The model keeps working, on every die.
    for (std::uint32_t die = 0; die < rig.device().topology.dies; ++die) {
      rig.run_ok("Block_Erase_SLC", die, {{-1, 1, -1}});
      Bytes written = rig.page(die);
      rig.run_ok("Page_Program_SLC", die, {{-1, 1, 0}}, &written);
      Bytes back = rig.room();
      rig.run_ok("Read_SLC", die, {{-1, 1, 0}}, &back);
      EXPECT_EQ(back, written);
    }
    EXPECT_EQ(rig.package.observers().metrics().counters().ops_accepted, accepted_before_ + 24);
    for (const CheckLine& line : rig.package.observers().self_check().report()) {
      EXPECT_TRUE(line.pass) << line.name << ": " << line.detail;
    }
  }

  /// Sends to channel 0 past the checker, which would object to what is sent.
  void send(tlm::tlm_generic_payload& payload) {
    tlm::tlm_phase phase = tlm::BEGIN_REQ;
    sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
    ASSERT_EQ(rig.package.channel_socket(0).get_base_interface().nb_transport_fw(payload, phase, delay),
              tlm::TLM_COMPLETED);
  }
  void expect(tlm::tlm_generic_payload& payload, tlm::tlm_response_status status, Reason reason) {
    send(payload);
    EXPECT_EQ(payload.get_response_status(), status);
    EXPECT_EQ(rig.reason_of(payload), reason) << rig.refusal_text(payload);
    EXPECT_STRNE(rig.command_of(payload).refusal.rule, "") << "the reason says what is wrong";
  }
  tlm::tlm_generic_payload& read(const TargetList& targets, Bytes* bytes = nullptr) {
    return rig.request("Read_SLC", 0, targets, bytes);
  }

  Bytes data = Bytes(72, 0);
  std::int64_t accepted_before_ = 0;  ///< ops that a test ran beside what it sent wrong
};

class PlainMemory : public tlm::tlm_mm_interface {
 public:
  void free(tlm::tlm_generic_payload* payload) override { payload->reset(); }
};

// TLM-04: no extension.
TEST_F(DieMalformed, NoExtension) {
  PlainMemory memory;
  tlm::tlm_generic_payload payload(&memory);
  payload.acquire();
  payload.set_command(tlm::TLM_READ_COMMAND);
  payload.set_data_ptr(data.data());
  payload.set_data_length(4);
  payload.set_streaming_width(4);
  send(payload);
  EXPECT_EQ(payload.get_response_status(), tlm::TLM_COMMAND_ERROR_RESPONSE);
  payload.set_address(~sc_dt::uint64{0});
  send(payload);
  EXPECT_EQ(payload.get_response_status(), tlm::TLM_ADDRESS_ERROR_RESPONSE);
  payload.release();
}

// TLM-04: an op that the device does not have.
TEST_F(DieMalformed, UnknownOp) {
  auto& payload = read({{-1, 0, 0}});
  PayloadPool::command(payload)->op = OpId(60000);
  expect(payload, tlm::TLM_COMMAND_ERROR_RESPONSE, Reason::Malformed);
}

// TLM-04: a die of the other channel, and one of none.
TEST_F(DieMalformed, WrongDie) {
  for (const std::uint32_t die : {4U, 8U, 0xFFFFFFFFU}) {
    auto& payload = read({{-1, 0, 0}});
    PayloadPool::command(payload)->die = die;
    expect(payload, tlm::TLM_ADDRESS_ERROR_RESPONSE, Reason::EprAddressRange);
  }
}

// TLM-04: byte enables are not supported.
TEST_F(DieMalformed, ByteEnables) {
  auto& payload = read({{-1, 0, 0}}, &data);
  unsigned char enable = 0xFF;
  payload.set_byte_enable_ptr(&enable);
  payload.set_byte_enable_length(1);
  expect(payload, tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE, Reason::Malformed);
  payload.set_byte_enable_ptr(nullptr);
}

// TLM-04: a page does not stream.
TEST_F(DieMalformed, StreamingWidth) {
  auto& payload = read({{-1, 0, 0}}, &data);
  payload.set_streaming_width(8);
  expect(payload, tlm::TLM_BURST_ERROR_RESPONSE, Reason::Malformed);
}

// TLM-04: more data than the targets have.
TEST_F(DieMalformed, TooMuchData) {
  Bytes much(73, 0);
  expect(read({{-1, 0, 0}}, &much), tlm::TLM_BURST_ERROR_RESPONSE, Reason::Malformed);
}

// TLM-04: a program takes a write, a read a read.
TEST_F(DieMalformed, WrongDirection) {
  auto& payload = read({{-1, 0, 0}}, &data);
  payload.set_command(tlm::TLM_WRITE_COMMAND);
  expect(payload, tlm::TLM_COMMAND_ERROR_RESPONSE, Reason::Malformed);
  auto& program = rig.request("Page_Program_SLC", 0, {{-1, 0, 0}}, &data);
  program.set_command(tlm::TLM_READ_COMMAND);
  expect(program, tlm::TLM_COMMAND_ERROR_RESPONSE, Reason::Malformed);
}

// TLM-04: a length without a pointer.
TEST_F(DieMalformed, DataLengthWithoutPointer) {
  auto& payload = read({{-1, 0, 0}});
  payload.set_command(tlm::TLM_READ_COMMAND);
  payload.set_data_length(8);
  payload.set_streaming_width(8);
  expect(payload, tlm::TLM_GENERIC_ERROR_RESPONSE, Reason::Malformed);
}

// TLM-04: addresses beyond the device, in every part.
TEST_F(DieMalformed, AddressBeyond) {
  const Topology& t = rig.device().topology;
  const auto blocks = static_cast<std::int32_t>(t.blocks_per_die);
  const auto pages = static_cast<std::int32_t>(t.pages_per_block);
  for (const Target& target : {Target{-1, blocks, 0}, Target{-1, 0, pages}, Target{4, 0, 0}, Target{1, 0, 0},
                               Target{-1, -5, 0}, Target{-1, 0, -1}, Target{-1, -1, -1}, Target{-2, -1, -1}}) {
    SCOPED_TRACE(testing::Message() << target.plane << ' ' << target.block << ' ' << target.page);
    expect(read({target}), tlm::TLM_ADDRESS_ERROR_RESPONSE, Reason::EprAddressRange);
  }
}

// TLM-04: the payload's own address, beyond the die and in the middle of a page.
TEST_F(DieMalformed, PayloadAddressBeyond) {
  const Topology& t = rig.device().topology;
  const std::uint64_t die_bytes = std::uint64_t{t.blocks_per_die} * t.pages_per_block * t.page_total_bytes();
  for (const std::uint64_t address : {die_bytes, die_bytes * 8, ~std::uint64_t{0}, std::uint64_t{5}}) {
    auto& payload = read({});
    payload.set_address(address);
    expect(payload, tlm::TLM_ADDRESS_ERROR_RESPONSE, Reason::EprAddressRange);
  }
}

// TLM-04, EPR-02: a multi-plane set that does not fit together.
TEST_F(DieMalformed, MultiplaneMismatch) {
  expect(read({{-1, 0, 0}, {-1, 1, 0}}), tlm::TLM_ADDRESS_ERROR_RESPONSE, Reason::EprMultiplaneMismatch);
  auto& payload = rig.request("Read_Multi_Plane_ONFI_SLC", 0, {{-1, 1, 0}, {-1, 0, 0}});
  expect(payload, tlm::TLM_ADDRESS_ERROR_RESPONSE, Reason::EprMultiplaneMismatch);
}

// TLM-04: a non-blocking transaction needs a memory manager (IEEE 1666-2011, 14.5).
TEST_F(DieMalformed, NoMemoryManager) {
  NandCommand command;
  command.op = rig.op("Read_SLC");
  command.targets = {{-1, 0, 0}};
  tlm::tlm_generic_payload payload;
  payload.set_extension(&command);
  send(payload);
  EXPECT_EQ(payload.get_response_status(), tlm::TLM_GENERIC_ERROR_RESPONSE);
  EXPECT_EQ(command.refusal.reason, Reason::Malformed);
  payload.clear_extension(&command);
}

// TLM-04: a reservation that nobody made.
TEST_F(DieMalformed, ReservationThatIsNotThere) {
  auto& payload = read({{-1, 0, 0}});
  PayloadPool::command(payload)->uid = 77;
  expect(payload, tlm::TLM_GENERIC_ERROR_RESPONSE, Reason::Malformed);
}

// TLM-04: responses to nothing, requests twice.
TEST_F(DieMalformed, StrayPhases) {
  auto& stray = read({{-1, 0, 0}});
  auto& channel = rig.package.channel_socket(0).get_base_interface();
  for (const tlm::tlm_phase& sent :
       {tlm::tlm_phase(tlm::END_RESP), tlm::tlm_phase(tlm::END_REQ), tlm::tlm_phase(tlm::BEGIN_RESP)}) {
    tlm::tlm_phase phase = sent;
    sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
    channel.nb_transport_fw(stray, phase, delay);
  }
  run_for(us(100));
  EXPECT_TRUE(rig.clients[0]->heard.empty());
}

// TLM-04: an initiator that calls the forward path from within the backward path breaks a rule (IEEE 1666-2011,
// 11.1.2.4), not the model: its reset comes when the end that it heard of is over.
TEST_F(DieMalformed, ForwardCallFromTheBackwardPath) {
  auto& erase = rig.request("Block_Erase_SLC", 0, {{-1, 0, -1}});
  auto& reset = rig.request("Synchronous_Reset", 0);
  rig.clients[0]->reacts = [&](const Heard& item) {
    const bool wanted = item.payload == &erase && item.phase == "END_REQ";
    const bool at_end = item.payload == &erase && item.phase == "BEGIN_RESP";
    tlm::tlm_phase phase = tlm::BEGIN_REQ;
    sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
    auto& channel = rig.package.channel_socket(0).get_base_interface();
    if (wanted) {
      EXPECT_EQ(channel.nb_transport_fw(rig.request("Erase_Resume", 0), phase, delay), tlm::TLM_ACCEPTED);
    }
    if (at_end) {
      EXPECT_EQ(channel.nb_transport_fw(reset, phase, delay), tlm::TLM_ACCEPTED);
    }
  };
  rig.clients[0]->send(erase);
  rig.finish(reset);
  rig.clients[0]->reacts = nullptr;
  EXPECT_TRUE(erase.is_response_ok());
  EXPECT_TRUE(reset.is_response_ok()) << rig.refusal_text(reset);
  accepted_before_ = 2;
}

}  // namespace
}  // namespace nandtlm
