// Payloads with their extension, recycled by reference count.
#include "tlm/payload_pool.h"

#include <gmock/gmock.h>

#include <set>

namespace nandtlm {
namespace {

using tlm::tlm_generic_payload;

void fill(tlm_generic_payload& payload) {
  static unsigned char bytes[4] = {};
  payload.set_write();
  payload.set_address(7);
  payload.set_data_ptr(bytes);
  payload.set_data_length(4);
  payload.set_streaming_width(3);
  payload.set_byte_enable_ptr(bytes);
  payload.set_byte_enable_length(4);
  payload.set_dmi_allowed(true);
  payload.set_response_status(tlm::TLM_BURST_ERROR_RESPONSE);
  NandCommand& command = *PayloadPool::command(payload);
  command.op = OpId{5};
  command.die = 2;
  command.targets = {{0, 8, 1}, {1, 9, 1}};
  command.uid = 99;
  command.initiator_tag = 12;
  command.refusal.reason = Reason::Latch;
  command.ready = ReadyState::Busy;
  command.status = kStatusFail;
  command.started_at = 1;
  command.consumed = 2;
  command.suspends = 3;
}

void expect_cleared(const NandCommand& command) {
  EXPECT_EQ(command.op, OpId{});
  EXPECT_EQ(command.die, 0U);
  EXPECT_TRUE(command.targets.empty());
  EXPECT_EQ(command.uid, 0U);
  EXPECT_EQ(command.initiator_tag, 0U);
  EXPECT_FALSE(command.refusal);
  EXPECT_EQ(command.ready, ReadyState::Ready);
  EXPECT_EQ(command.status, 0);
  EXPECT_EQ(command.started_at, 0);
  EXPECT_EQ(command.consumed, 0);
  EXPECT_EQ(command.suspends, 0U);
}

void expect_cleared(const tlm_generic_payload& payload) {
  EXPECT_EQ(payload.get_command(), tlm::TLM_IGNORE_COMMAND);
  EXPECT_EQ(payload.get_address(), 0U);
  EXPECT_EQ(payload.get_data_ptr(), nullptr);
  EXPECT_EQ(payload.get_data_length(), 0U);
  EXPECT_EQ(payload.get_byte_enable_ptr(), nullptr);
  EXPECT_EQ(payload.get_byte_enable_length(), 0U);
  EXPECT_FALSE(payload.is_dmi_allowed());
  EXPECT_EQ(payload.get_response_status(), tlm::TLM_INCOMPLETE_RESPONSE);
  EXPECT_EQ(payload.get_gp_option(), tlm::TLM_MIN_PAYLOAD);
}

// TLM-01
TEST(PayloadPool, GivesAClearedPayloadWithOneReference) {
  PayloadPool pool;
  tlm_generic_payload& payload = pool.acquire();
  EXPECT_TRUE(payload.has_mm());
  EXPECT_EQ(payload.get_ref_count(), 1);
  expect_cleared(payload);
  ASSERT_NE(PayloadPool::command(payload), nullptr);
  expect_cleared(*PayloadPool::command(payload));
  payload.release();
}

// TLM-01: the payload and its extension come back, without what they carried.
TEST(PayloadPool, RecyclesAndClears) {
  PayloadPool pool;
  tlm_generic_payload& payload = pool.acquire();
  const NandCommand* command = PayloadPool::command(payload);
  const unsigned int streaming_width = payload.get_streaming_width();
  fill(payload);
  payload.release();

  tlm_generic_payload& again = pool.acquire();
  EXPECT_EQ(&again, &payload);
  EXPECT_EQ(PayloadPool::command(again), command);
  EXPECT_EQ(again.get_ref_count(), 1);
  EXPECT_EQ(again.get_streaming_width(), streaming_width);
  expect_cleared(again);
  expect_cleared(*command);
  again.release();
}

// TLM-01: it comes back with the last reference, not before.
TEST(PayloadPool, KeepsAPayloadUntilItsLastRelease) {
  PayloadPool pool;
  tlm_generic_payload& payload = pool.acquire();
  payload.acquire();
  payload.release();
  EXPECT_EQ(pool.in_use(), 1U);
  tlm_generic_payload& other = pool.acquire();
  EXPECT_NE(&other, &payload);
  other.release();
  EXPECT_EQ(pool.in_use(), 1U);
  payload.release();
  EXPECT_EQ(pool.in_use(), 0U);
}

// TLM-01: as many at once as are asked for, each different; no more are made than were in use together.
TEST(PayloadPool, GrowsToThePeakOnly) {
  PayloadPool pool;
  std::set<tlm_generic_payload*> first;
  for (int i = 0; i < 100; ++i) first.insert(&pool.acquire());
  EXPECT_EQ(first.size(), 100U);
  EXPECT_EQ(pool.in_use(), 100U);
  for (tlm_generic_payload* payload : first) payload->release();
  EXPECT_EQ(pool.in_use(), 0U);

  std::set<tlm_generic_payload*> second;
  for (int i = 0; i < 100; ++i) second.insert(&pool.acquire());
  EXPECT_EQ(second, first);
  for (tlm_generic_payload* payload : second) payload->release();
}

// TLM-05
TEST(PayloadPool, PoolsAreIndependent) {
  PayloadPool one;
  PayloadPool two;
  tlm_generic_payload& payload = one.acquire();
  EXPECT_EQ(one.in_use(), 1U);
  EXPECT_EQ(two.in_use(), 0U);
  payload.release();
  EXPECT_NE(&two.acquire(), &payload);
  EXPECT_EQ(two.in_use(), 1U);
}

// TLM-02: a client's plain payload has no extension.
TEST(PayloadPool, ForeignPayloadHasNoCommand) {
  tlm_generic_payload payload;
  EXPECT_EQ(PayloadPool::command(payload), nullptr);
}

// TLM-01: a bridge copies payloads with their command.
TEST(NandCommand, TravelsWithACopiedPayload) {
  PayloadPool pool;
  tlm_generic_payload& payload = pool.acquire();
  fill(payload);
  payload.set_data_ptr(nullptr);
  payload.set_byte_enable_ptr(nullptr);

  tlm_generic_payload cloned;  // without an extension of its own
  cloned.deep_copy_from(payload);
  tlm_generic_payload& copied = pool.acquire();  // with one
  copied.deep_copy_from(payload);

  for (tlm_generic_payload* copy : {&cloned, &copied}) {
    const NandCommand* command = PayloadPool::command(*copy);
    ASSERT_NE(command, nullptr);
    EXPECT_NE(command, PayloadPool::command(payload));
    EXPECT_EQ(command->op, OpId{5});
    EXPECT_EQ(command->die, 2U);
    EXPECT_EQ(command->targets, (TargetList{{0, 8, 1}, {1, 9, 1}}));
    EXPECT_EQ(command->uid, 99U);
    EXPECT_EQ(command->refusal.reason, Reason::Latch);
  }
  copied.release();
  payload.release();
}

}  // namespace
}  // namespace nandtlm
