// Several packages in one simulation.
#include <sstream>

#include "model/scheduler/scheduler.h"
#include "tests/module/package_bench.h"

namespace nandtlm {
namespace {

/// Every event of a package, one line each.
class EventText : public TraceSink {
 public:
  std::string text() const { return out_.str(); }

  void op_accepted(const OpInfo& op, Time at, Time start) override { line("accepted", op, at) << start << '\n'; }
  void op_backlogged(const OpInfo& op, Time at) override { line("backlogged", op, at) << '\n'; }
  void op_planned(const OpInfo& op, Time at, Time start) override { line("planned", op, at) << start << '\n'; }
  void request_refused(const RefusedRequest& request, Time at) override {
    out_ << at << " refused " << index(request.op) << ' ' << name(request.refusal.reason) << '\n';
  }
  void op_started(const OpInfo& op, Time at) override { line("started", op, at) << '\n'; }
  void op_suspended(const OpInfo& op, Time at, Time consumed, Time remaining) override {
    line("suspended", op, at) << consumed << ' ' << remaining << '\n';
  }
  void op_resumed(const OpInfo& op, Time at, Time remaining) override { line("resumed", op, at) << remaining << '\n'; }
  void op_ended(const OpInfo& op, Time at) override { line("ended", op, at) << '\n'; }
  void op_aborted(const OpInfo& op, Time at, Time consumed, Reason why) override {
    line("aborted", op, at) << consumed << ' ' << name(why) << '\n';
  }
  void state_entered(const OpInfo& op, State state, Time at) override { line("state", op, at) << name(state) << '\n'; }
  void bus_taken(std::uint32_t channel, const OpInfo& op, Time at) override { line("bus", op, at) << channel << '\n'; }
  void bus_released(std::uint32_t channel, Uid uid, Time at) override {
    out_ << at << " bus free " << channel << ' ' << uid << '\n';
  }
  void suspend_state(std::uint32_t die, Family family, bool suspended, std::uint32_t depth, Time at) override {
    out_ << at << " state of " << die << ' ' << name(family) << ' ' << suspended << ' ' << depth << '\n';
  }
  void page_programmed(const OpInfo& op, const Target& target, bool resumed, Time at) override {
    line("page", op, at) << target.block << ' ' << target.page << ' ' << resumed << '\n';
  }

 private:
  std::ostream& line(const char* event, const OpInfo& op, Time at) {
    return out_ << at << ' ' << event << ' ' << op.uid << ' ' << index(op.op) << ' ' << op.die << ' ';
  }
  std::ostringstream out_;
};

/// Submits a fixed story to a scheduler: erases, programs, suspends, reads, resumes and, if told to, resets and ODT.
class Story : public sc_core::sc_module, public SchedulerClient {
 public:
  Story(sc_core::sc_module_name name, Package& package, Scheduler& scheduler, Time first, bool with_resets)
      : sc_core::sc_module(name), package_(package), scheduler_(scheduler), first_(first), with_resets_(with_resets) {
    SC_HAS_PROCESS(Story);
    SC_THREAD(run);
  }

 private:
  void submit(const char* op, std::uint32_t die, const TargetList& targets, double after_us) {
    sc_core::wait(kernel_time(us(after_us)));
    Request request;
    request.op = package_.device().find_op(op).value();
    request.die = die;
    request.targets = targets;
    scheduler_.submit(request, *this);
  }
  void run() {
    sc_core::wait(kernel_time(first_));
    for (std::uint32_t die : {0U, 5U}) {
      submit("Block_Erase_SLC", die, {{-1, 0, -1}}, 1);
      submit("Erase_Suspend_Reset", die, {}, 1000);
      submit("Erase_Resume", die, {}, 300);
      submit("Page_Program_SLC", die, {{-1, 0, 0}}, 7000);
      submit("Page_Program_SLC", die, {{-1, 0, 1}}, 1);
      submit("Program_Suspend_Reset", die, {}, 450);
      submit("Read_SLC", die, {{-1, 0, 0}}, 110);
      submit("Page_Program_SLC", die, {{-1, 0, 2}}, 1);
      submit("Program_Resume", die, {}, 100);
      if (with_resets_) {
        submit("Page_Program_SLC", die, {{-1, 0, 3}}, 1000);
        submit("Synchronous_Reset", die, {}, 100);
        submit("ODT_Disable", die, {}, 50);
        submit("ODT_Reenable", die, {}, 50);
      }
    }
  }

  Package& package_;
  Scheduler& scheduler_;
  Time first_;
  bool with_resets_;
};

struct StoryRig {
  StoryRig(const std::string& name, const std::shared_ptr<const Device>& device, Time first, bool with_resets)
      : package((name + "_package").c_str(), device),
        scheduler((name + "_scheduler").c_str(), package),
        story(name.c_str(), package, scheduler, first, with_resets) {
    package.observers().attach(events);
    for (std::size_t c = 0; c < package.channels(); ++c) {
      checkers.push_back(std::make_unique<ProtocolChecker>((name + "_checker" + std::to_string(c)).c_str()));
      scheduler.socket(c).bind(checkers[c]->target_socket);
      checkers[c]->initiator_socket.bind(package.channel_socket(c));
    }
  }
  void expect_sound() const {
    for (const auto& checker : checkers) {
      EXPECT_THAT(checker->violations(), ::testing::IsEmpty());
      EXPECT_THAT(checker->in_flight(), ::testing::IsEmpty());
      EXPECT_GT(checker->transactions(), 0U);
    }
    for (const CheckLine& line : package.observers().self_check().report()) {
      EXPECT_TRUE(line.pass) << line.name << ": " << line.detail;
    }
  }

  EventText events;
  Package package;
  Scheduler scheduler;
  Story story;
  std::vector<std::unique_ptr<ProtocolChecker>> checkers;
};

enum class Neighbour { None, Before, After };

std::string events_beside(Neighbour neighbour) {
  const OwnKernel kernel;
  const auto device = shipped_device("tlc_4plane.yaml", {{"topology.page_bytes", "64"}, {"topology.spare_bytes", "8"}});
  std::unique_ptr<StoryRig> other;
  // The neighbour's resets, suspends and ODT states fall into the middle of the story, also at the same instants.
  if (neighbour == Neighbour::Before) other = std::make_unique<StoryRig>("other", device, 0, true);
  StoryRig rig("story", device, 0, false);
  if (neighbour == Neighbour::After) other = std::make_unique<StoryRig>("other", device, us(37), true);
  sc_core::sc_start();
  rig.expect_sound();
  EXPECT_EQ(rig.package.observers().metrics().counters().suspends, 4);
  EXPECT_EQ(rig.package.observers().metrics().counters().ops_aborted, 0);
  if (other != nullptr) {
    other->expect_sound();
    EXPECT_GT(other->package.observers().metrics().counters().ops_aborted, 0);
  }
  return rig.events.text();
}

// TLM-05: what one package does is byte for byte the same, whoever is beside it. TLM-02: the scheduler keeps the rules
// of the base protocol on every channel.
TEST(PackageIndependence, EventsDoNotDependOnTheNeighbour) {
  const std::string alone = events_beside(Neighbour::None);
  EXPECT_GT(alone.size(), 1000U);
  EXPECT_EQ(events_beside(Neighbour::Before), alone);
  EXPECT_EQ(events_beside(Neighbour::After), alone);
}

class TwoPackages : public SystemCTest {};

// TLM-05: a reset, a suspend or ODT of one package is nothing to the other.
TEST_F(TwoPackages, StatesAreSeparate) {
  const auto device = shipped_device("tlc_4plane.yaml", {{"topology.page_bytes", "64"}, {"topology.spare_bytes", "8"}});
  PackageRig one("one", device);
  PackageRig two("two", device);
  run_for(us(1));
  const Time start = now_ps();
  const auto& first = one.send("Block_Erase_SLC", 0, {{-1, 0, -1}});
  const auto& second = two.send("Block_Erase_SLC", 0, {{-1, 0, -1}});
  run_for(us(1000));
  one.run_ok("Erase_Suspend_Reset", 0);
  EXPECT_EQ(one.package.die(0).resources().stack_depth(Family::Erase), 1U);
  EXPECT_EQ(two.package.die(0).resources().stack_depth(Family::Erase), 0U);
  one.run_ok("Synchronous_Reset", 0);
  EXPECT_EQ(one.reason_of(first), Reason::AbortedByReset);
  one.run_ok("ODT_Disable", 0);
  EXPECT_EQ(one.reason_of(one.run("Block_Erase_SLC", 1, {{-1, 0, -1}})), Reason::StateForbidOdt);
  two.run_ok("Block_Erase_SLC", 1, {{-1, 0, -1}});
  two.finish(second);
  EXPECT_EQ(two.clients[0]->when(second, "BEGIN_RESP"), start + two.nominal("Block_Erase_SLC"));
  Bytes data = two.page(1);
  two.run_ok("Page_Program_SLC", 0, {{-1, 0, 0}}, &data);
  EXPECT_EQ(one.debug_read(0, 0, 0, "Read_SLC"), one.erased());
  EXPECT_EQ(two.debug_read(0, 0, 0, "Read_SLC"), two.page(1));
  one.expect_sound();
  two.expect_sound();
}

}  // namespace
}  // namespace nandtlm
