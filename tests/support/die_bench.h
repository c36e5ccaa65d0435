// The dies of a package without a kernel: ResourceManagers, their buses, and a hand that moves the time.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "model/die/resource_manager.h"
#include "tests/support/test_devices.h"

namespace nandtlm::test {

/// Hears what a SUSPEND took back.
class RevokedList : public PlanOwner {
 public:
  struct Entry {
    Op* op = nullptr;
    Time planned_start = 0;
    Time suspend_end = 0;
  };
  void reservation_revoked(Op& op, Time planned_start, Time suspend_end) override {
    entries.push_back({&op, planned_start, suspend_end});
  }
  void aborted_before_start(Op& /*op*/) override {}
  /// Uids in the order in which they were told.
  std::vector<Uid> uids() const;

  std::vector<Entry> entries;
};

/// Plans on the dies of `device`, and carries out the plan step by step in the order of EVT-01 (ends before starts).
class DieBench {
 public:
  explicit DieBench(std::shared_ptr<const Device> device);

  ResourceManager& die(std::size_t number = 0) { return *dies_[number]; }
  std::size_t dies() const { return dies_.size(); }
  BusTimeline& bus(std::size_t channel = 0) { return buses_[channel]; }
  PackageState& state() { return state_; }
  const Device& device() const { return *device_; }
  Time now() const { return now_; }

  /// `block` -1: no targets. Planes follow from blocks.
  Request request(const std::string& op, std::int32_t block = -1, std::int32_t page = -1, std::uint32_t die = 0) const;
  Request on_planes(const std::string& op, const TargetList& targets, std::uint32_t die = 0) const;

  Verdict judge(const Request& request, Time start) { return die(request.die).judge_at(request, start); }
  Verdict feasible(const Request& request, Time not_before) {
    return die(request.die).feasible_at(request, not_before);
  }
  /// Reserves at the earliest start; a test failure and an exception where there is none.
  Op& plan(const Request& request, Time not_before);
  /// Reserves at the earliest start as part of a transaction; nullptr: refused.
  Op* plan(const Request& request, Time not_before, Journal& journal);
  /// Carries out everything up to `time`: ends at `time` are done, starts at `time` are not.
  void run_to(Time time);
  /// Carries out everything at `time` too.
  void run_through(Time time);

  /// Told of every start before it is carried out.
  std::function<void(const Op&, Time)> on_start = [](const Op&, Time) {};
  RevokedList revoked;
  /// "12 start 3", "20 cut 3", ... in us, as carried out.
  std::vector<std::string> log;

 private:
  struct Step {
    Time at = kNever;
    int rank = 0;
    Op* op = nullptr;
  };
  Step next_step();
  void carry_out(const Step& step);
  void note(const char* what, const Op& op);

  std::shared_ptr<const Device> device_;
  std::vector<BusTimeline> buses_;
  PackageState state_;
  std::vector<std::unique_ptr<ResourceManager>> dies_;
  Time now_ = 0;
};

/// Everything that can be observed of the plan: reservations, buses, flags, ODT, stacks, blocks and records, at every
/// instant at which something changes. Two equal dumps: nobody can tell the states apart (RES-03).
std::string dump(DieBench& bench);

}  // namespace nandtlm::test
