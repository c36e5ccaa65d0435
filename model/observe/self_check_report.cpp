// The verdicts of the self-check (MET-02).
#include <fmt/format.h>

#include <utility>

#include "config/scalars.h"
#include "model/observe/self_check.h"

namespace nandtlm {

std::vector<CheckLine> SelfCheck::report() const {
  const std::string ops = fmt::format("{} ops, {} started", accepted_, started_);
  return {accounting(),
          stack_balance(),
          stack_order_.line(ops),
          pieces_.line(fmt::format("{} ops completed", completed_)),
          starts_.line(ops),
          backlog_order_.line(),
          backlog_pending(),
          planes_.line(now_),
          buses_.line(now_),
          end_once_.line(fmt::format("{} ends, {} aborts", completed_, aborted_)),
          event_order_.line(ops),
          targets_.line(ops),
          resets()};
}

CheckLine SelfCheck::accounting() const {
  FaultList faults = lost_;
  std::array<std::uint64_t, 5> lives{};
  for (const Followed& op : followed_) {
    ++lives[static_cast<std::size_t>(op.life)];
    if (op.life != Life::Reserved || op.planned >= now_) continue;
    faults.add([&] { return fmt::format("uid {} was to start at {} us and never did", op.uid, us_text(op.planned)); });
  }
  const auto count = [&lives](Life life) { return lives[static_cast<std::size_t>(life)]; };
  const std::uint64_t live =
      count(Life::Running) + count(Life::Suspended) + count(Life::Backlogged) + count(Life::Reserved);
  const bool equal = accepted_ == completed_ + aborted_ + live;
  std::string sum =
      fmt::format("{} accepted {} {} completed + {} aborted + {} running + {} suspended + {} backlogged + {} reserved",
                  accepted_, equal ? "=" : "is not", completed_, aborted_, count(Life::Running), count(Life::Suspended),
                  count(Life::Backlogged), count(Life::Reserved));
  if (!equal) faults.add([&] { return sum; });
  return faults.line(std::move(sum));
}

CheckLine SelfCheck::resets() const {
  FaultList faults = survivors_;
  for (const Followed& op : followed_) {
    if (op.life == Life::Free || !survived_reset(op) || last_reset_[op.die].at == now_) continue;
    faults.add([&] {
      return fmt::format("uid {} is there still although die {} was reset at {} us", op.uid, op.die,
                         us_text(last_reset_[op.die].at));
    });
  }
  return faults.line(fmt::format("{} resets", reset_count_));
}

CheckLine SelfCheck::stack_balance() const {
  FaultList faults("stack_balance");
  FamilyView total;
  families_.for_each([&](Family family, std::uint32_t die, const FamilyView& view) {
    total.suspends += view.suspends;
    total.resumes += view.resumes;
    total.aborts += view.aborts;
    total.told_depth += view.told_depth;
    if (view.depth() == view.told_depth && view.told_suspended == (view.depth() > 0)) return;
    faults.add([&] {
      return fmt::format("{} of die {}: {} suspends - {} resumes - {} aborts while suspended, but the depth is {} ({})",
                         name(family), die, view.suspends, view.resumes, view.aborts, view.told_depth,
                         view.told_suspended ? "suspended" : "not suspended");
    });
  });
  return faults.line(fmt::format("{} suspends - {} resumes - {} aborts while suspended = {}", total.suspends,
                                 total.resumes, total.aborts, total.told_depth));
}

CheckLine SelfCheck::backlog_pending() const {
  PerFamilyDie<std::vector<Uid>> backlogs(device_.topology.dies);
  std::size_t held = 0;
  for (const Followed& op : followed_) {
    if (op.life != Life::Backlogged || op.family == Family::None) continue;
    backlogs.at(op.family, op.die).push_back(op.uid);
    ++held;
  }
  FaultList faults("backlog_pending");
  backlogs.for_each([&](Family family, std::uint32_t die, const std::vector<Uid>& uids) {
    if (uids.empty() || families_.at(family, die).suspended()) return;
    if (backlog_probe_ && backlog_probe_(die, family)) return;
    faults.add([&] {
      return fmt::format(
          "uid {} and {} more wait in the {} backlog of die {} at {} us, and no refill or retry is pending",
          uids.front(), uids.size() - 1, name(family), die, us_text(now_));
    });
  });
  return faults.line(fmt::format("{} ops in backlogs", held));
}

}  // namespace nandtlm
