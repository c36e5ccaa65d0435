// The way of the data: from a program's payload into the array and back through reads.
#include "tests/module/package_bench.h"

namespace nandtlm {
namespace {

class DieData : public SmallPackageTest {
 protected:
  explicit DieData(const Overrides& overrides = {}) : SmallPackageTest(overrides) { run_for(us(1)); }

  void erase(std::int32_t block, const std::string& op = "Block_Erase_SLC") { rig.run_ok(op, 0, {{-1, block, -1}}); }
  void program(std::int32_t block, std::int32_t page, Bytes data) {
    rig.run_ok("Page_Program_SLC", 0, {{-1, block, page}}, &data);
  }
  Bytes read(std::int32_t block, std::int32_t page, const std::string& op = "Read_SLC") {
    Bytes data = rig.room();
    rig.run_ok(op, 0, {{-1, block, page}}, &data);
    return data;
  }
  Bytes data_out(std::int32_t block, std::int32_t page) {
    Bytes data = rig.room();
    rig.run_ok("Change_Read_Column_Random_Data_Output", 0, {{-1, block, page}}, &data);
    return data;
  }
};

// TLM-01: what was programmed comes back with the READ itself, and with READ and DOUT.
TEST_F(DieData, ProgrammedDataIsReadBack) {
  erase(0);
  program(0, 0, rig.page(1));
  program(0, 1, rig.page(2));
  EXPECT_EQ(read(0, 0), rig.page(1));
  EXPECT_EQ(read(0, 1), rig.page(2));
  rig.run_ok("Read_SLC", 0, {{-1, 0, 0}});
  EXPECT_EQ(data_out(0, 0), rig.page(1));
}

// SUS-13: the data arrives at the end of the read, not before.
TEST_F(DieData, DataArrivesAtTheEnd) {
  erase(0);
  program(0, 0, rig.page(1));
  Bytes data = rig.room();
  const auto& payload = rig.send("Read_SLC", 0, {{-1, 0, 0}}, &data);
  run_for(rig.nominal("Read_SLC") - 1);
  EXPECT_EQ(data, rig.room());
  rig.finish(payload);
  EXPECT_EQ(data, rig.page(1));
}

// TLM-01: a target may also come as the payload's linear address.
TEST_F(DieData, PayloadAddressNamesThePage) {
  erase(3);
  Bytes written = rig.page(4);
  auto& payload = rig.request("Page_Program_SLC", 0, {}, &written);
  const Topology& t = rig.device().topology;
  payload.set_address((std::uint64_t{3} * t.pages_per_block + 0) * t.page_total_bytes());
  rig.clients[0]->send(payload);
  rig.finish(payload);
  EXPECT_TRUE(payload.is_response_ok()) << rig.refusal_text(payload);
  EXPECT_EQ(read(3, 0), rig.page(4));
}

// An erased page reads FFh. The rules refuse to read it (EPR-02), so they are off here.
class DieDataWithoutAddressRules : public DieData {
 protected:
  DieDataWithoutAddressRules() : DieData({{"constraints.enable_epr", "false"}}) {}
};

// EPR-02 off: reads of what was never programmed, and of what was erased, see FFh.
TEST_F(DieDataWithoutAddressRules, ErasedPagesReadFf) {
  EXPECT_EQ(read(0, 0), rig.erased());
  erase(0);
  EXPECT_EQ(read(0, 0), rig.erased());
  program(0, 0, rig.page(1));
  EXPECT_EQ(read(0, 0), rig.page(1));
  erase(0);
  EXPECT_EQ(read(0, 0), rig.erased());
}

// EPR-02 off: a second program of a page clears more bits and sets none.
TEST_F(DieDataWithoutAddressRules, ProgramsOnlyClearBits) {
  erase(0);
  Bytes first(rig.page_bytes(), 0xF0);
  Bytes second(rig.page_bytes(), 0x3C);
  program(0, 0, first);
  program(0, 0, second);
  EXPECT_EQ(read(0, 0), Bytes(rig.page_bytes(), 0x30));
}

// TLM-01: a program with less than a page leaves the rest erased; a short read gets the beginning.
TEST_F(DieData, ShortTransfers) {
  erase(0);
  const Bytes full = rig.page(1);
  program(0, 0, Bytes(full.begin(), full.begin() + 100));
  Bytes expected = rig.erased();
  std::copy_n(full.begin(), 100, expected.begin());
  EXPECT_EQ(read(0, 0), expected);
  Bytes head(10, 0);
  rig.run_ok("Read_SLC", 0, {{-1, 0, 0}}, &head);
  EXPECT_EQ(head, Bytes(full.begin(), full.begin() + 10));
}

// SUS-13: the array changes at the end of the program, also where it was suspended in between.
TEST_F(DieData, SuspendedProgramArrivesAtItsEnd) {
  erase(0);
  program(0, 0, rig.page(1));
  Bytes data = rig.page(2);
  const auto& late = rig.send("Page_Program_SLC", 0, {{-1, 0, 1}}, &data);
  run_for(us(200));
  rig.run_ok("Program_Suspend_Reset", 0);
  EXPECT_EQ(read(0, 0), rig.page(1));
  EXPECT_EQ(rig.debug_read(0, 0, 1, "Read_SLC"), rig.erased());
  rig.run_ok("Program_Resume", 0);
  EXPECT_EQ(rig.debug_read(0, 0, 1, "Read_SLC"), rig.erased());
  rig.finish(late);
  EXPECT_EQ(read(0, 1), rig.page(2));
}

// SUS-07: a recovery read takes the suspended program's data from the latches; an ordinary read is refused.
TEST_F(DieData, RecoveryReadTakesTheSuspendedData) {
  erase(0);
  program(0, 0, rig.page(1));
  Bytes data = rig.page(2);
  const auto& late = rig.send("Page_Program_SLC", 0, {{-1, 0, 1}}, &data);
  run_for(us(200));
  rig.run_ok("Program_Suspend_Reset", 0);

  const auto& plain = rig.run("Read_SLC", 0, {{-1, 0, 1}});
  EXPECT_EQ(plain.get_response_status(), tlm::TLM_COMMAND_ERROR_RESPONSE);
  EXPECT_EQ(rig.reason_of(plain), Reason::SuspendedTarget);
  EXPECT_EQ(rig.command_of(plain).refusal.blocker, rig.command_of(late).uid);

  EXPECT_EQ(read(0, 1, "Read_write_conflict_Fire_N_Forget_LSB"), rig.page(2));
  Bytes out = rig.room();
  rig.run_ok("Change_Read_Column_Random_Data_Output", 0, {{-1, 0, 1}}, &out);
  EXPECT_EQ(out, rig.page(2)) << "the page register holds what was recovered, and a data-out may name the address";
  EXPECT_EQ(rig.debug_read(0, 0, 1, "Read_SLC"), rig.erased()) << "and the array is as before";
  rig.run_ok("Program_Resume", 0);
  rig.finish(late);
  EXPECT_EQ(read(0, 1), rig.page(2));
}

// SUS-07: of a suspended one-shot program every page can be recovered.
TEST_F(DieData, RecoveryReadOfAOneShotProgram) {
  erase(0, "Block_Erase_TLC");
  Bytes lsb = rig.page(1);
  Bytes csb = rig.page(2);
  Bytes msb = rig.page(3);
  rig.run_ok("One_Shot_PGM_LSB", 0, {{-1, 0, 0}}, &lsb);
  rig.run_ok("One_Shot_PGM_CSB", 0, {{-1, 0, 0}}, &csb);
  const auto& last = rig.send("One_Shot_PGM_MSB_23h", 0, {{-1, 0, 0}}, &msb);
  run_for(us(1000));
  rig.run_ok("Program_Suspend_Reset", 0);
  EXPECT_EQ(read(0, 0, "Read_write_conflict_Fire_N_Forget_LSB"), lsb);
  EXPECT_EQ(read(0, 0, "Read_write_conflict_Fire_N_Forget_CSB"), csb);
  EXPECT_EQ(read(0, 0, "Read_write_conflict_Fire_N_Forget_MSB"), msb);
  rig.run_ok("Program_Resume", 0);
  rig.finish(last);
  EXPECT_EQ(read(0, 0, "Read_MSB"), msb);
}

// EPR-04: the three pages of a one-shot TLC program are separately readable.
TEST_F(DieData, OneShotPagesAreSeparate) {
  erase(0, "Block_Erase_TLC");
  for (std::int32_t page = 0; page < 2; ++page) {
    const auto seed = static_cast<unsigned>(page) * 10;
    Bytes lsb = rig.page(seed + 1);
    Bytes csb = rig.page(seed + 2);
    Bytes msb = rig.page(seed + 3);
    rig.run_ok("One_Shot_PGM_LSB", 0, {{-1, 0, page}}, &lsb);
    rig.run_ok("One_Shot_PGM_CSB", 0, {{-1, 0, page}}, &csb);
    if (page == 0) {
      rig.run_ok("One_Shot_PGM_MSB_23h", 0, {{-1, 0, page}}, &msb);
    } else {
      rig.run_ok("One_Shot_PGM_MSB", 0, {{-1, 0, page}}, &msb);
      rig.run_ok("One_Shot_PGM_Execution_MSB", 0, {{-1, 0, page}});
    }
    EXPECT_EQ(read(0, page, "Read_LSB"), lsb);
    EXPECT_EQ(read(0, page, "Read_CSB"), csb);
    EXPECT_EQ(read(0, page, "Read_MSB"), msb);
  }
  EXPECT_EQ(read(0, 0, "Read_LSB"), rig.page(1));
}

// TLM-01: one page per target, in the order of the targets.
TEST_F(DieData, MultiPlaneData) {
  rig.run_ok("Block_Erase_Multi_Plane_ONFI_SLC", 0, {{-1, 4, -1}, {-1, 5, -1}});
  Bytes both = rig.page(1);
  const Bytes second = rig.page(2);
  both.insert(both.end(), second.begin(), second.end());
  rig.run_ok("Page_Program_Multi_Plane_ONFI_SLC", 0, {{-1, 4, 0}, {-1, 5, 0}}, &both);
  EXPECT_EQ(read(4, 0), rig.page(1));
  EXPECT_EQ(read(5, 0), rig.page(2));
  Bytes back = rig.room(2);
  rig.run_ok("Read_Multi_Plane_ONFI_SLC", 0, {{-1, 4, 0}, {-1, 5, 0}}, &back);
  EXPECT_EQ(back, both);
  rig.run_ok("Read_Multi_Plane_ONFI_SLC", 0, {{-1, 4, 0}, {-1, 5, 0}});
  EXPECT_EQ(data_out(5, 0), rig.page(2));
  EXPECT_EQ(data_out(4, 0), rig.page(1));
}

// TLM-01: TLM_IGNORE_COMMAND moves no data in either direction.
TEST_F(DieData, IgnoreCommandMovesNoData) {
  erase(0);
  Bytes written = rig.page(1);
  auto& program_payload = rig.request("Page_Program_SLC", 0, {{-1, 0, 0}}, &written);
  program_payload.set_command(tlm::TLM_IGNORE_COMMAND);
  rig.clients[0]->send(program_payload);
  rig.finish(program_payload);
  EXPECT_EQ(read(0, 0), rig.erased());
  for (const std::string op : {"Read_SLC", "Change_Read_Column_Random_Data_Output", "Read_Status_Enhanced_70h"}) {
    Bytes data = rig.room();
    auto& payload = rig.request(op, 0, {{-1, 0, 0}}, &data);
    payload.set_command(tlm::TLM_IGNORE_COMMAND);
    rig.clients[0]->send(payload);
    rig.finish(payload);
    EXPECT_TRUE(payload.is_response_ok());
    EXPECT_EQ(data, rig.room()) << op;
  }
}

class DieWithoutStorage : public DieData {
 protected:
  DieWithoutStorage() : DieData({{"policies.store_data", "false"}}) {}
};

// TLM-01: without storage everything runs as before; no data is kept and none is delivered.
TEST_F(DieWithoutStorage, NothingIsKept) {
  erase(0);
  const Time start = now_ps();
  Bytes written = rig.page(1);
  const auto& program_payload = rig.run_ok("Page_Program_SLC", 0, {{-1, 0, 0}}, &written);
  EXPECT_EQ(rig.clients[0]->when(program_payload, "BEGIN_RESP"), start + rig.nominal("Page_Program_SLC"));
  const Bytes data = read(0, 0);
  EXPECT_EQ(data, rig.room()) << "the buffer is left as it is";
  EXPECT_EQ(rig.debug_read(0, 0, 0, "Read_SLC"), rig.erased());
}

class DieCopyback : public LargePackageTest {
 protected:
  DieCopyback() { run_for(us(1)); }

  Bytes read(std::int32_t block, const std::string& op) {
    Bytes data = rig.room();
    rig.run_ok(op, 0, {{-1, block, 0}}, &data);
    return data;
  }
};

// TLM-01: a copyback moves the data inside the plane, without the host.
TEST_F(DieCopyback, MovesAnSlcPage) {
  rig.run_ok("Block_Erase_SLC", 0, {{-1, 0, -1}});
  rig.run_ok("Block_Erase_SLC", 0, {{-1, 4, -1}});
  Bytes data = rig.page(1);
  rig.run_ok("Page_Program_SLC", 0, {{-1, 0, 0}}, &data);
  rig.run_ok("Copyback_Read_SLC", 0, {{-1, 0, 0}});
  rig.run_ok("Copyback_Program_SLC", 0, {{-1, 4, 0}});
  EXPECT_EQ(read(4, "Read_SLC"), rig.page(1));
  EXPECT_EQ(read(0, "Read_SLC"), rig.page(1));
}

// TLM-01, EPR-04: three pages go from SLC blocks into one TLC word line.
TEST_F(DieCopyback, FoldsThreePagesIntoOne) {
  const std::int32_t into = 16;
  rig.run_ok("Block_Erase_TLC", 0, {{-1, into, -1}});
  for (std::int32_t i = 0; i < 3; ++i) {
    rig.run_ok("Block_Erase_SLC", 0, {{-1, i * 4, -1}});
    Bytes data = rig.page(static_cast<unsigned>(i) + 1);
    rig.run_ok("Page_Program_SLC", 0, {{-1, i * 4, 0}}, &data);
  }
  const char* const loads[] = {"One_Shot_Copyback_Program_LSB", "One_Shot_Copyback_Program_CSB",
                               "One_Shot_Copyback_Program_MSB"};
  for (std::int32_t i = 0; i < 3; ++i) {
    rig.run_ok("Copyback_Read_SLC", 0, {{-1, i * 4, 0}});
    rig.run_ok(loads[i], 0, {{-1, into, 0}});
  }
  rig.run_ok("One_Shot_Copyback_Program_Execution_MSB", 0, {{-1, into, 0}});
  EXPECT_EQ(read(into, "Read_LSB"), rig.page(1));
  EXPECT_EQ(read(into, "Read_CSB"), rig.page(2));
  EXPECT_EQ(read(into, "Read_MSB"), rig.page(3));
}

}  // namespace
}  // namespace nandtlm
