// OUT-00: rows are ordered by time, then uid, whenever they become complete.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "traces/ordered_rows.h"

namespace nandtlm {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class OrderedRowsTest : public ::testing::Test {
 protected:
  std::vector<std::string> drain(Time now) {
    std::vector<std::string> out;
    rows_.drain(now, [&](Time, Uid, const std::string& row) { out.push_back(row); });
    return out;
  }

  OrderedRows<std::string> rows_;
};

TEST_F(OrderedRowsTest, AnOpenRowHoldsBackTheRowsAfterIt) {  // OUT-00
  const auto first = rows_.open(10, 1, "first");
  rows_.add(20, 2, "second");
  EXPECT_THAT(drain(30), IsEmpty());
  EXPECT_EQ(rows_.size(), 2U);
  rows_.complete(first);
  EXPECT_THAT(drain(30), ElementsAre("first", "second"));
  EXPECT_EQ(rows_.size(), 0U);
}

TEST_F(OrderedRowsTest, OneInstantIsSortedByUidThenByOpening) {  // OUT-00
  rows_.add(10, 7, "7a");
  rows_.add(10, 3, "3");
  rows_.add(10, 7, "7b");
  rows_.add(10, 5, "5");
  EXPECT_THAT(drain(10), IsEmpty()) << "a smaller uid may still come";
  EXPECT_THAT(drain(11), ElementsAre("3", "5", "7a", "7b"));
}

TEST_F(OrderedRowsTest, HandlesStayValidWhileOthersComeAndGo) {
  rows_.add(1, 5, "before");
  const auto late = rows_.open(2, 9, "late");
  const auto early = rows_.open(2, 1, "early");
  rows_.complete(early);
  EXPECT_THAT(drain(3), ElementsAre("before"));
  for (Time t = 3; t < 200; ++t) rows_.add(t, 100, "x");
  EXPECT_THAT(drain(200), IsEmpty());
  rows_[late] = "late, changed";
  rows_.complete(late);
  EXPECT_THAT(drain(4), ElementsAre("early", "late, changed", "x"));
  EXPECT_EQ(drain(200).size(), 196U);
}

TEST_F(OrderedRowsTest, TheEndOfARunTakesOpenRowsToo) {
  rows_.open(1, 1, "open");
  rows_.add(2, 2, "complete");
  std::vector<std::string> out;
  rows_.drain_all([&](Time, Uid, const std::string& row) { out.push_back(row); });
  EXPECT_THAT(out, ElementsAre("open", "complete"));
}

}  // namespace
}  // namespace nandtlm
