// b_transport: when a call returns, and what suspends and resets do to calls that wait.
#include "tests/module/package_bench.h"

namespace nandtlm {
namespace {

/// Threads are given before the simulation starts.
class DieBlocking : public SmallPackageTest {
 protected:
  explicit DieBlocking(const Overrides& overrides = {}) : SmallPackageTest(overrides) {}

  struct Call {
    tlm::tlm_generic_payload* payload = nullptr;
    Time returned_at = -1;

    const NandCommand& command() const { return PackageRig::command_of(*payload); }
    Reason reason() const { return command().refusal.reason; }
  };

  /// Runs `body` in a thread of its own from `start` on.
  void thread_at(Time start, std::function<void()> body) {
    const std::string name = "thread" + std::to_string(threads_.size());
    threads_.push_back(std::make_unique<Thread>(name.c_str(), [start, body = std::move(body)] {
      sc_core::wait(kernel_time(start));
      body();
    }));
  }
  /// One blocking call from a thread.
  Call call(const std::string& op, const TargetList& targets = {}, Bytes* data = nullptr, Time delay = 0) {
    Call call;
    call.payload = &rig.request(op, 0, targets, data);
    sc_core::sc_time annotated = kernel_time(delay);
    rig.clients[0]->socket->b_transport(*call.payload, annotated);
    EXPECT_EQ(annotated, sc_core::SC_ZERO_TIME);
    call.returned_at = now_ps();
    return call;
  }
  /// Block 0 is erased, its page 0 programmed with page(1).
  void prepare_page() {
    call("Block_Erase_SLC", {{-1, 0, -1}});
    Bytes data = rig.page(1);
    call("Page_Program_SLC", {{-1, 0, 0}}, &data);
  }
  void run_all() {
    sc_core::sc_start();
    for (const auto& thread : threads_) EXPECT_TRUE(thread->finished()) << thread->name();
  }

  /// When prepare_page() is over, for a thread that begins at 1 us.
  Time prepared() const { return us(1) + rig.nominal("Block_Erase_SLC") + rig.nominal("Page_Program_SLC"); }

 private:
  std::vector<std::unique_ptr<Thread>> threads_;
};

// TLM-03: a call returns at the end of its op.
TEST_F(DieBlocking, ReturnsAtTheEnd) {
  thread_at(us(1), [this] {
    const Call erase = call("Block_Erase_SLC", {{-1, 0, -1}});
    EXPECT_EQ(erase.returned_at, us(1) + rig.nominal("Block_Erase_SLC"));
    EXPECT_TRUE(erase.payload->is_response_ok());
    EXPECT_EQ(erase.command().started_at, us(1));
    Bytes data = rig.page(1);
    call("Page_Program_SLC", {{-1, 0, 0}}, &data);
    Bytes back = rig.room();
    call("Read_SLC", {{-1, 0, 0}}, &back);
    EXPECT_EQ(back, data);
  });
  run_all();
}

// TLM-03: an annotated delay is time that has passed for the caller already.
TEST_F(DieBlocking, AnnotatedDelayComesFirst) {
  thread_at(us(1), [this] {
    const Call erase = call("Block_Erase_SLC", {{-1, 0, -1}}, nullptr, us(4));
    EXPECT_EQ(erase.command().started_at, us(5));
    EXPECT_EQ(erase.returned_at, us(5) + rig.nominal("Block_Erase_SLC"));
  });
  run_all();
}

// TLM-03, RES-02: a call that cannot start at once takes the earliest start that is feasible.
TEST_F(DieBlocking, WaitsForItsTurn) {
  const Time erase_time = rig.nominal("Block_Erase_SLC");
  thread_at(us(1), [this] { call("Block_Erase_SLC", {{-1, 0, -1}}); });
  thread_at(us(2), [&] {
    const Call second = call("Block_Erase_SLC", {{-1, 1, -1}});
    EXPECT_EQ(second.command().started_at, us(1) + erase_time);
    EXPECT_EQ(second.returned_at, us(1) + 2 * erase_time);
  });
  thread_at(us(3), [&] {
    const Call third = call("Block_Erase_SLC", {{-1, 2, -1}});
    EXPECT_EQ(third.returned_at, us(1) + 3 * erase_time);
  });
  run_all();
}

// TLM-03, TLM-04: what no time can cure returns at once, without time.
TEST_F(DieBlocking, RefusalReturnsAtOnce) {
  thread_at(us(1), [this] {
    const Call resume = call("Erase_Resume");
    EXPECT_EQ(resume.returned_at, us(1));
    EXPECT_EQ(resume.payload->get_response_status(), tlm::TLM_COMMAND_ERROR_RESPONSE);
    EXPECT_EQ(resume.reason(), Reason::NothingToResume);
    const Call beyond = call("Block_Erase_SLC", {{-1, 16, -1}});
    EXPECT_EQ(beyond.payload->get_response_status(), tlm::TLM_ADDRESS_ERROR_RESPONSE);
    EXPECT_EQ(now_ps(), us(1));
  });
  run_all();
}

// TLM-03: no memory manager, no extension, a wrong die: a blocking call gets an answer as well.
TEST_F(DieBlocking, MalformedCalls) {
  thread_at(us(1), [this] {
    NandCommand command;
    command.op = rig.op("Block_Erase_SLC");
    command.targets = {{-1, 0, -1}};
    tlm::tlm_generic_payload payload;
    payload.set_streaming_width(1);
    sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
    rig.clients[0]->socket->b_transport(payload, delay);
    EXPECT_EQ(payload.get_response_status(), tlm::TLM_COMMAND_ERROR_RESPONSE);
    payload.set_extension(&command);
    payload.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
    rig.clients[0]->socket->b_transport(payload, delay);
    EXPECT_TRUE(payload.is_response_ok()) << "a blocking payload needs no memory manager";
    command.die = 1;
    payload.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
    rig.clients[0]->socket->b_transport(payload, delay);
    EXPECT_EQ(payload.get_response_status(), tlm::TLM_ADDRESS_ERROR_RESPONSE);
    EXPECT_EQ(command.refusal.reason, Reason::EprAddressRange);
    payload.clear_extension(&command);
  });
  run_all();
}

// TLM-03, SUS-04: the reservation of a waiting call is revoked by a SUSPEND; it completes after the RESUME, in order.
TEST_F(DieBlocking, RevokedCallsCompleteAfterTheResume) {
  Call first;
  Call second;
  Call third;
  Bytes pages[] = {rig.page(2), rig.page(3), rig.page(4)};
  const Time start = prepared() + us(1);
  Time resume_end = 0;
  thread_at(us(1), [&] { prepare_page(); });
  thread_at(start, [&] { first = call("Page_Program_SLC", {{-1, 0, 1}}, &pages[0]); });
  thread_at(start + us(1), [&] { second = call("Page_Program_SLC", {{-1, 0, 2}}, &pages[1]); });
  thread_at(start + us(2), [&] { third = call("Page_Program_SLC", {{-1, 0, 3}}, &pages[2]); });
  thread_at(start + us(100), [&] {
    call("Program_Suspend_Reset");
    Bytes data = rig.room();
    call("Read_SLC", {{-1, 0, 0}}, &data);
    EXPECT_EQ(data, rig.page(1));
    sc_core::wait(kernel_time(us(2000)));
    EXPECT_EQ(second.returned_at, -1);
    resume_end = call("Program_Resume").returned_at;
  });
  run_all();
  const Time program_time = rig.nominal("Page_Program_SLC");
  EXPECT_EQ(first.returned_at, resume_end + program_time - us(100));
  EXPECT_EQ(second.returned_at, first.returned_at + program_time);
  EXPECT_EQ(third.returned_at, second.returned_at + program_time);
  EXPECT_EQ(first.command().suspends, 1U);
  EXPECT_EQ(second.command().suspends, 0U);
  for (std::uint32_t page = 1; page <= 3; ++page) {
    EXPECT_EQ(rig.debug_read(0, 0, page, "Read_SLC"), rig.page(page + 1));
  }
}

// SUS-07, BKL-01: the device keeps no backlog: a call that meets the suspended family is refused.
TEST_F(DieBlocking, CallThatMeetsTheSuspendedFamilyIsRefused) {
  const Time start = prepared() + us(1);
  thread_at(us(1), [&] { prepare_page(); });
  thread_at(start, [&] { call("Page_Program_SLC", {{-1, 0, 1}}); });
  thread_at(start + us(100), [&] {
    call("Program_Suspend_Reset");
    const Call program = call("Page_Program_SLC", {{-1, 0, 2}});
    EXPECT_EQ(program.reason(), Reason::StateForbidSuspend);
    call("Program_Resume");
  });
  run_all();
}

/// A read's latch keeps cache programs out until its data is taken.
class DieBlockingRetry : public DieBlocking {
 protected:
  DieBlockingRetry() : DieBlocking({{"exclusions_by_latch_state.LATCH_ON_READ", "[CACHE_PROGRAM_SLC]"}}) {}

  /// A program is suspended with a cache program behind it, a read leaves its latch, the program is resumed.
  void suspend_over_a_cache_program(Call& cache_program, Bytes& data) {
    thread_at(us(1), [&] { prepare_page(); });
    thread_at(start(), [this] { call("Page_Program_SLC", {{-1, 0, 1}}); });
    thread_at(start() + us(1), [&] { cache_program = call("Cache_Program_SLC", {{-1, 0, 2}}, &data); });
    thread_at(start() + us(100), [this] {
      call("Program_Suspend_Reset");
      call("Read_SLC", {{-1, 0, 0}});
      call("Program_Resume");
    });
  }
  Time start() const { return prepared() + us(1); }
};

// BKL-03: a call that cannot be planned at the RESUME is tried again every backlog_retry_delay, until it can.
TEST_F(DieBlockingRetry, IsTriedAgainUntilItCanStart) {
  Call cache_program;
  Call younger;
  Bytes data = rig.page(3);
  suspend_over_a_cache_program(cache_program, data);
  Time released = 0;
  thread_at(start() + us(9000), [&] {
    EXPECT_EQ(cache_program.returned_at, -1) << "the latch is still set";
    rig.expect_sound();  // BKL-05: a retry is pending
    EXPECT_GT(rig.package.observers().metrics().counters().backlog_retry_events, 100);
    released = call("Change_Read_Column_Random_Data_Output", {{-1, 0, 0}}).returned_at;
  });
  // A younger call of the family stays behind it, although nothing stands in its own way.
  thread_at(start() + us(1500), [&] {
    call("Block_Erase_SLC", {{-1, 2, -1}});
    younger = call("Page_Program_SLC", {{-1, 2, 0}});
  });
  run_all();
  const Time began = cache_program.command().started_at;
  EXPECT_GE(began, released);
  EXPECT_LE(began, released + rig.device().policies.backlog_retry_delay);
  EXPECT_TRUE(cache_program.payload->is_response_ok());
  EXPECT_TRUE(younger.payload->is_response_ok()) << rig.refusal_text(*younger.payload);
  EXPECT_GE(younger.command().started_at, cache_program.returned_at);
}

// RES-06: a reset answers the calls that wait, planned or not.
TEST_F(DieBlockingRetry, ResetAnswersWaitingCalls) {
  Call cache_program;
  Bytes data = rig.page(3);
  suspend_over_a_cache_program(cache_program, data);
  Time reset_at = 0;
  Call planned;
  thread_at(start() + us(2000), [&] { call("Block_Erase_SLC", {{-1, 4, -1}}); });
  thread_at(start() + us(2001), [&] { planned = call("Block_Erase_SLC", {{-1, 5, -1}}); });
  thread_at(start() + us(2010), [&] {
    reset_at = now_ps();
    call("Synchronous_Reset");
  });
  run_all();
  for (const Call* aborted : {&cache_program, &planned}) {
    EXPECT_EQ(aborted->returned_at, reset_at);
    EXPECT_EQ(aborted->reason(), Reason::AbortedByReset);
    EXPECT_EQ(aborted->payload->get_response_status(), tlm::TLM_GENERIC_ERROR_RESPONSE);
  }
}

}  // namespace
}  // namespace nandtlm
