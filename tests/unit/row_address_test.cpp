// Byte addresses of pages and back.
#include "tlm/row_address.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <limits>

namespace nandtlm {
namespace {

constexpr AddressMap kSmall{2, 10, 4, 100};  // dies, blocks, pages, bytes

RowAddress row_at(const AddressMap& map, std::uint64_t address) {
  RowAddress row;
  EXPECT_TRUE(map.from_byte_address(address, row)) << address;
  return row;
}

void expect_row(const RowAddress& row, std::uint32_t die, std::uint32_t block, std::uint32_t page,
                std::uint32_t column) {
  EXPECT_EQ(row.die, die);
  EXPECT_EQ(row.block, block);
  EXPECT_EQ(row.page, page);
  EXPECT_EQ(row.column, column);
}

// TLM-01: pages end to end, then blocks, then dies.
TEST(RowAddress, IsLinear) {
  EXPECT_EQ(kSmall.to_byte_address({0, 0, 0, 0}), 0U);
  EXPECT_EQ(kSmall.to_byte_address({0, 0, 0, 99}), 99U);
  EXPECT_EQ(kSmall.to_byte_address({0, 0, 1, 0}), 100U);
  EXPECT_EQ(kSmall.to_byte_address({0, 1, 0, 0}), 400U);
  EXPECT_EQ(kSmall.to_byte_address({1, 0, 0, 0}), 4000U);
  EXPECT_EQ(kSmall.to_byte_address({1, 9, 3, 99}), 7999U);
}

// TLM-01
TEST(RowAddress, IsFoundFromItsBytes) {
  expect_row(row_at(kSmall, 0), 0, 0, 0, 0);
  expect_row(row_at(kSmall, 99), 0, 0, 0, 99);
  expect_row(row_at(kSmall, 100), 0, 0, 1, 0);
  expect_row(row_at(kSmall, 399), 0, 0, 3, 99);
  expect_row(row_at(kSmall, 400), 0, 1, 0, 0);
  expect_row(row_at(kSmall, 4000), 1, 0, 0, 0);
  expect_row(row_at(kSmall, 7999), 1, 9, 3, 99);
}

// TLM-04: nothing beyond the last page, however far.
TEST(RowAddress, EndsWithTheLastPage) {
  RowAddress row;
  EXPECT_FALSE(kSmall.from_byte_address(8000, row));
  EXPECT_FALSE(kSmall.from_byte_address(std::uint64_t{4000} << 32, row));  // die 2^32: no narrowing before the check
  EXPECT_FALSE(kSmall.from_byte_address(std::numeric_limits<std::uint64_t>::max(), row));
}

// TLM-01: packages beyond 4 GiB.
TEST(RowAddress, IsWiderThan32Bits) {
  constexpr AddressMap large{16, 4096, 2304, 18336};
  const std::uint64_t last = std::uint64_t{16} * 4096 * 2304 * 18336 - 1;
  EXPECT_EQ(large.to_byte_address({15, 4095, 2303, 18335}), last);
  expect_row(row_at(large, last), 15, 4095, 2303, 18335);
  RowAddress row;
  EXPECT_FALSE(large.from_byte_address(last + 1, row));
}

// TLM-01: there and back, for every geometry.
RC_GTEST_PROP(RowAddressProperty, RoundTrip, ()) {
  const auto below = [](std::uint32_t limit) { return *rc::gen::inRange<std::uint32_t>(0, limit); };
  const auto count = [](std::uint32_t most) { return *rc::gen::inRange<std::uint32_t>(1, most + 1); };
  const AddressMap map{count(64), count(8192), count(4096), count(20000)};
  const RowAddress row{below(map.dies), below(map.blocks_per_die), below(map.pages_per_block),
                       below(map.page_total_bytes)};
  RowAddress back;
  RC_ASSERT(map.from_byte_address(map.to_byte_address(row), back));
  RC_ASSERT(back.die == row.die);
  RC_ASSERT(back.block == row.block);
  RC_ASSERT(back.page == row.page);
  RC_ASSERT(back.column == row.column);
}

}  // namespace
}  // namespace nandtlm
