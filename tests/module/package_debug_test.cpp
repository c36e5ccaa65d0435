// transport_dbg and direct memory.
#include "tests/module/package_bench.h"

namespace nandtlm {
namespace {

class PackageDebug : public LargePackageTest {
 protected:
  PackageDebug() { run_for(us(1)); }

  std::uint64_t address(std::uint32_t die, std::uint32_t block, std::uint32_t page, std::uint32_t column) const {
    const Topology& t = rig.device().topology;
    return AddressMap{t.dies, t.blocks_per_die, t.pages_per_block, t.page_total_bytes()}.to_byte_address(
        {die, block, page, column});
  }
  unsigned debug(tlm::tlm_command direction, std::uint32_t channel, std::uint64_t at, Bytes& data) {
    tlm::tlm_generic_payload payload;
    payload.set_command(direction);
    payload.set_address(at);
    payload.set_data_ptr(data.data());
    payload.set_data_length(static_cast<unsigned>(data.size()));
    payload.set_streaming_width(static_cast<unsigned>(data.size()));
    return rig.clients[channel]->socket->transport_dbg(payload);
  }
};

// TLM-03: loads and reads contents with no effect on time or state; a plain address is enough.
TEST_F(PackageDebug, LoadsAndReads) {
  const Time start = now_ps();
  Bytes data = rig.page(1);
  EXPECT_EQ(debug(tlm::TLM_WRITE_COMMAND, 1, address(6, 9, 2, 0), data), data.size());
  Bytes back = rig.room();
  EXPECT_EQ(debug(tlm::TLM_READ_COMMAND, 1, address(6, 9, 2, 0), back), back.size());
  EXPECT_EQ(back, data);
  EXPECT_EQ(now_ps(), start);
  EXPECT_EQ(rig.package.observers().metrics().counters().ops_accepted, 0);
  EXPECT_EQ(rig.package.die(6).resources().address().block(9).condition, BlockState::Condition::NotErased);
}

// TLM-03: what was programmed can be looked at, what was loaded can be read.
TEST_F(PackageDebug, IsTheSameArray) {
  rig.run_ok("Block_Erase_SLC", 0, {{-1, 0, -1}});
  Bytes data = rig.page(1);
  rig.run_ok("Page_Program_SLC", 0, {{-1, 0, 0}}, &data);
  EXPECT_EQ(rig.debug_read(0, 0, 0, "Read_SLC"), rig.page(1));
  Bytes loaded = rig.page(2);
  rig.debug(tlm::TLM_WRITE_COMMAND, 0, 0, 0, "Read_SLC", loaded);
  Bytes back = rig.room();
  rig.run_ok("Read_SLC", 0, {{-1, 0, 0}}, &back);
  EXPECT_EQ(back, rig.page(2));
}

// TLM-03: no effect on the page register either.
TEST_F(PackageDebug, LeavesThePageRegisterAlone) {
  rig.run_ok("Block_Erase_SLC", 0, {{-1, 0, -1}});
  Bytes data = rig.page(1);
  rig.run_ok("Page_Program_SLC", 0, {{-1, 0, 0}}, &data);
  rig.run_ok("Read_SLC", 0, {{-1, 0, 0}});
  Bytes other = rig.page(2);
  debug(tlm::TLM_WRITE_COMMAND, 0, address(0, 0, 0, 0), other);
  debug(tlm::TLM_READ_COMMAND, 0, address(0, 4, 0, 0), other);
  Bytes back = rig.room();
  rig.run_ok("Enhanced_Random_Data_Output_Primary", 0, {{-1, 0, 0}}, &back);
  EXPECT_EQ(back, rig.page(1));
}

// TLM-03: while an op runs and while one is suspended, too.
TEST_F(PackageDebug, WhileOpsRun) {
  rig.run_ok("Block_Erase_SLC", 0, {{-1, 0, -1}});
  Bytes data = rig.page(1);
  const Time start = now_ps();
  const auto& program = rig.send("Page_Program_SLC", 0, {{-1, 0, 0}}, &data);
  run_for(us(50));
  EXPECT_EQ(rig.debug_read(0, 0, 0, "Read_SLC"), rig.erased());
  rig.finish(program);
  EXPECT_EQ(rig.client_of(0).when(program, "BEGIN_RESP"), start + rig.nominal("Page_Program_SLC"));
  EXPECT_EQ(rig.debug_read(0, 0, 0, "Read_SLC"), rig.page(1));
}

// TLM-03: from the middle of a page over its end, into the next block's plane, and up to the end of the die.
TEST_F(PackageDebug, RunsOverPages) {
  const Topology& t = rig.device().topology;
  Bytes data = rig.page(1);
  const Bytes more = rig.page(2);
  data.insert(data.end(), more.begin(), more.end());
  const std::uint64_t at = address(0, 2, t.pages_per_block - 1, 10);
  EXPECT_EQ(debug(tlm::TLM_WRITE_COMMAND, 0, at, data), data.size());
  Bytes back(data.size(), 0);
  EXPECT_EQ(debug(tlm::TLM_READ_COMMAND, 0, at, back), back.size());
  EXPECT_EQ(back, data);
  EXPECT_EQ(rig.debug_read(0, 3, 0, "Read_SLC")[0], data[rig.page_bytes() - 10]);

  const std::uint64_t last = address(0, t.blocks_per_die - 1, t.pages_per_block - 1, 0);
  EXPECT_EQ(debug(tlm::TLM_WRITE_COMMAND, 0, last, data), rig.page_bytes()) << "dies have sockets of their own";
}

// TLM-03: the page of a TLC word line is chosen by the op in the extension.
TEST_F(PackageDebug, TlcPages) {
  Bytes csb = rig.page(2);
  rig.debug(tlm::TLM_WRITE_COMMAND, 0, 0, 0, "Read_CSB", csb);
  EXPECT_EQ(rig.debug_read(0, 0, 0, "Read_CSB"), csb);
  EXPECT_EQ(rig.debug_read(0, 0, 0, "Read_LSB"), rig.erased());
}

// TLM-03, TLM-04: nothing to do, nowhere to do it.
TEST_F(PackageDebug, NothingToDo) {
  Bytes data = rig.page(1);
  EXPECT_EQ(debug(tlm::TLM_READ_COMMAND, 0, address(4, 0, 0, 0), data), 0U) << "a die of the other channel";
  EXPECT_EQ(debug(tlm::TLM_READ_COMMAND, 0, ~std::uint64_t{0}, data), 0U);
  EXPECT_EQ(debug(tlm::TLM_IGNORE_COMMAND, 0, 0, data), 0U);
  EXPECT_EQ(data, rig.page(1));
  tlm::tlm_generic_payload no_data;
  no_data.set_command(tlm::TLM_READ_COMMAND);
  no_data.set_data_length(8);
  EXPECT_EQ(rig.clients[0]->socket->transport_dbg(no_data), 0U);
}

// TLM-03: no direct memory.
TEST_F(PackageDebug, DirectMemoryIsRefused) {
  tlm::tlm_generic_payload& payload = rig.request("Read_SLC", 0);
  for (const tlm::tlm_command direction : {tlm::TLM_READ_COMMAND, tlm::TLM_WRITE_COMMAND}) {
    payload.set_command(direction);
    tlm::tlm_dmi dmi;
    EXPECT_FALSE(rig.clients[0]->socket->get_direct_mem_ptr(payload, dmi));
    EXPECT_TRUE(dmi.is_none_allowed());
    EXPECT_FALSE(payload.is_dmi_allowed());
  }
}

}  // namespace
}  // namespace nandtlm
