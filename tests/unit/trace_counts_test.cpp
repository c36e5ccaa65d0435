// Section 9: the three files of counts, and the log of refusals.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "tests/support/trace_files.h"
#include "tests/support/trace_scenario.h"
#include "traces/csv_sinks.h"

namespace nandtlm {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr Time kUs = kPsPerUs;

TEST(TraceCounts, TableCountsEveryKey) {
  CountTable table;
  const auto list = [&] {
    std::vector<std::array<std::uint64_t, 3>> counts;
    table.for_each_sorted([&](const CountKey& key, std::uint64_t count) {
      counts.push_back({key.high, key.low, count});
    });
    return counts;
  };
  for (std::uint64_t i = 0; i < 30'000; ++i) table.add({i % 1000, i % 3});
  EXPECT_EQ(table.size(), 3000U);
  std::uint64_t i = 0;
  for (const auto& [high, low, count] : list()) {
    EXPECT_EQ(high, i / 3);
    EXPECT_EQ(low, i % 3);
    EXPECT_EQ(count, 10U);
    ++i;
  }
  table.clear();
  EXPECT_EQ(table.size(), 0U);
  table.add({1, 2});
  EXPECT_THAT(list(), ElementsAre(std::array<std::uint64_t, 3>{1, 2, 1}));
}

TEST(TraceCounts, PagesOfAKeyAreSorted) {
  PageCountTable table;
  for (const std::int32_t page : {500, -1, 31, 30, 500, 2'147'483'647}) table.add({7, std::uint64_t{3} << 32}, page);
  table.add({7, std::uint64_t{2} << 32}, 9);
  std::vector<std::array<std::int64_t, 3>> counts;
  table.for_each_sorted([&](const CountKey& key, std::int32_t page, std::uint64_t count) {
    counts.push_back({static_cast<std::int64_t>(key.low >> 32), page, static_cast<std::int64_t>(count)});
  });
  using Row = std::array<std::int64_t, 3>;
  EXPECT_THAT(counts, ElementsAre(Row{2, 9, 1}, Row{3, -1, 1}, Row{3, 30, 1}, Row{3, 31, 1}, Row{3, 500, 2},
                                  Row{3, 2'147'483'647, 1}));
}

TEST(TraceCounts, RanksFollowTheAlphabet) {
  const std::vector<std::string> texts = {"b", "", "a_b", "a"};
  const TextRanks ranks(texts);
  EXPECT_EQ(ranks.rank(1), 0U);
  EXPECT_EQ(ranks.rank(3), 1U);
  EXPECT_EQ(ranks.rank(2), 2U);
  EXPECT_EQ(ranks.rank(0), 3U);
  const ReadyText& field = ranks.field(2 | 5 << 16);
  std::string out(field.room(), '#');
  EXPECT_EQ(std::string(out.data(), field.copy(out.data())), "a_b,");
}

TEST(TraceCounts, InputTimesHaveTwoDigits) {
  EXPECT_EQ(input_time_bucket_us(0), 0);
  EXPECT_EQ(input_time_bucket_us(999'999), 0);
  EXPECT_EQ(input_time_bucket_us(99 * kUs), 99);
  EXPECT_EQ(input_time_bucket_us(109 * kUs), 100);
  EXPECT_EQ(input_time_bucket_us(7999 * kUs), 7900);
  EXPECT_EQ(input_time_bucket_us(123'456 * kUs), 120'000);
}

TEST(TraceCounts, TouchesCountEndedOpsPerAddress) {
  const test::TraceFolder folder;
  const Device device = test::make_trace_device();
  CsvSinks sinks(device, folder.path());
  test::TraceDriver driver(device, sinks);
  Time now = 0;
  for (Uid uid = 1; uid <= 3; ++uid) now = driver.run(uid, "Do_READ", 1, {{0, 4, 2}, {1, 5, 2}}, now);
  now = driver.run(4, "Do_ERASE", 0, {{0, 4, -1}}, now);
  now = driver.run(5, "Do_PROGRAM_SUSPEND", 0, {}, now);
  driver.accept(6, "Do_ERASE", 0, {{0, 4, -1}}, now, now);
  driver.start(6, now);
  driver.abort(6, now + kUs, kUs);
  sinks.finish(now + kUs);
  EXPECT_THAT(folder.lines("address_touch_count.csv"),
              ElementsAre("op_base,cell_type,die,block,page,count", "ERASE,SLC,0,4,-1,1", "READ,SLC,1,4,2,3",
                          "READ,SLC,1,5,2,3"));
}

TEST(TraceCounts, InputTimeIsMeasuredInTheStateOfTheFirstPlane) {
  const test::TraceFolder folder;
  const Device device = test::make_trace_device();
  CsvSinks sinks(device, folder.path());
  test::TraceDriver driver(device, sinks);
  const Time end = driver.run(1, "Do_READ", 0, {{1, 1, 0}}, 0);
  const Time later = driver.run(2, "Do_READ", 0, {{1, 1, 0}}, end + 7 * kUs);
  driver.run(3, "Do_READ", 0, {{0, 0, 0}}, later);  // nothing has run on plane 0
  sinks.finish(later + 100 * kUs);
  EXPECT_THAT(folder.lines("op_state_name_input_time_count.csv"),
              ElementsAre(HasSubstr("op_state,"), ",,,Do_READ,0,1", ",,,Do_READ,57,1", "READ.END,,,Do_READ,7,1"));
}

TEST(TraceCounts, ProposalsAreWrittenSliceBySlice) {
  const test::TraceFolder folder;
  const Device device = test::make_trace_device();
  CsvSinks sinks(device, folder.path());
  test::TraceDriver driver(device, sinks);
  driver.accept(1, "Do_SR", 0, {}, 0, kNever, PhaseKey{2, 1});
  driver.accept(2, "Do_SR", 0, {}, 999 * kUs, kNever, PhaseKey{2, 1});
  driver.accept(3, "Do_READ", 1, {{1, 1, 0}}, 5200 * kUs, kNever);
  sinks.flush();
  EXPECT_THAT(folder.lines("phase_proposal_counts.csv"),
              ElementsAre(HasSubstr("phase_key_used,"), "READ.CORE_BUSY,READ.END,0,-1,0,Do_SR,2"));
  sinks.finish(6000 * kUs);
  EXPECT_EQ(folder.lines("phase_proposal_counts.csv").back(), ",,1,1,5000,Do_READ,1");
}

TEST(TraceRefusals, LogNamesReasonRuleAndWhatStandsInTheWay) {  // RES-01, MET-01
  const test::TraceFolder folder;
  const Device device = test::make_trace_device();
  CsvSinks sinks(device, folder.path());
  RefusedRequest request;
  request.op = *device.find_op("Do_READ");
  request.die = 1;
  request.targets = {{0, 2, 3}, {1, 3, 3}};
  request.wanted_start = 12'500'000;
  request.refusal = {Reason::StateForbid, 17, 10 * kUs, kNever, "READ.CORE_BUSY"};
  sinks.request_refused(request, 12 * kUs);
  sinks.resume_failed({Family::Erase, 1, 0, {Reason::NothingToResume, 0, 0, 0, ""}, kNever, 0}, 13 * kUs);
  sinks.finish(14 * kUs);
  EXPECT_THAT(folder.lines("proposer_debug.log"),
              ElementsAre("12 refused reason=state_forbid op=Do_READ die=1 targets=0:2:3,1:3:3 wanted_start=12.5 "
                          "rule=READ.CORE_BUSY blocker=17 interval=[10,never)",
                          "13 resume_cancelled reason=nothing_to_resume family=ERASE uid=0 die=1 wanted_start=never "
                          "remaining=0"));
  EXPECT_EQ(folder.lines("resume_errors.csv")[1], "13,ERASE,1,0,nothing_to_resume,,0");
}

}  // namespace
}  // namespace nandtlm
