// The reference: accepts batches, carries out the plan instant by instant, keeps the backlogs. Brute force all the way.
#pragma once

#include <deque>
#include <map>
#include <utility>
#include <vector>

#include "tests/reference/judge.h"
#include "tests/reference/story.h"

namespace nandtlm::reference {

class Machine {
 public:
  explicit Machine(const Device& device);

  /// Everything before `time`, and at `time` what comes before proposals (EVT-01). Time never goes back.
  void run_to(Time time);
  /// Decides a batch at the current instant.
  const Decision& propose(const std::vector<Request>& requests);
  /// Until nothing happens any more but retries that change nothing; not beyond `limit`. Returns the last instant.
  Time finish(Time limit);

  Time now() const { return now_; }
  const Plan& plan() const { return plan_; }
  const Story& story() const { return story_; }
  std::size_t backlog_size(std::uint32_t die, Family family) const;
  /// Instants from now on at which something of the die is planned to change, for who wants to hit them.
  std::vector<Time> coming_instants(std::uint32_t die) const;

 private:
  static constexpr std::uint64_t kNothingYet = ~std::uint64_t{0};
  struct Backlog {
    std::deque<Uid> entries;
    Uid reserved = 0;  ///< entry with a reservation that has not started yet
    Time retry_at = kNever;
    bool refill = false;                     ///< at this instant
    std::uint64_t refused_at = kNothingYet;  ///< its head has no start in the plan as it was at this change
  };
  using Key = std::pair<std::uint32_t, Family>;
  using Backlogs = std::map<Key, Backlog>;

  // machine.cpp
  Time next_instant() const;
  void before_proposals();
  void after_proposals();
  void note_levels(std::uint32_t die, Family family);
  void end_ops();
  void end_op(Operation& op);
  void start_ops();
  bool start_due();
  void start_op(Uid uid);
  void reset(const Operation& reset_op);
  void abort(Operation& op);
  void spoil(std::uint32_t die);

  // proposals.cpp
  Reason place(const Request& request, std::uint32_t die, Time not_before, Decision& decision, Story& told);
  const Decision& refuse(std::size_t i, Reason reason);
  void note_failed_resume(const Request& request, std::uint32_t die);
  bool must_queue(const Operation& op, Time not_before) const;
  Reason queue(Operation op, const Request& request, Decision& decision, Story& told);
  void adopt(Answer& answer, Story& told);
  Operation operation(const Request& request, std::uint32_t die) const;

  // refill.cpp
  void refill(const Key& key);
  void reserve_head(const Key& key);
  bool suspended_before(const Key& key, Time start) const;
  void put_back(const std::vector<Revoked>& revoked, Story& told);

  Backlog& backlog_of(const Operation& op) { return backlogs_[{op.die, plan_.base(op).family}]; }

  Plan plan_;
  Backlogs backlogs_;
  Story story_;
  Time now_ = 0;
  std::uint64_t changes_ = 0;  ///< of the plan
};

/// A whole sequence at once.
Story run(const Device& device, const std::vector<Proposal>& proposals, Time limit, Time& horizon);
/// The same up to and with `horizon`.
Story run_until(const Device& device, const std::vector<Proposal>& proposals, Time horizon);

}  // namespace nandtlm::reference
