#include "tests/sweeps/suspend_case.h"

#include <algorithm>
#include <set>

#include "tests/sweeps/op_chain.h"

namespace nandtlm::test {
namespace {

constexpr Time kFarGap = 500 * kPsPerUs;
constexpr Time kLater = 33'333'333;  // ps
constexpr Time kBeforeStart = kPsPerUs;
constexpr std::int32_t kGroupsPerCase = 3;
constexpr std::int32_t kGroupsInUse = 240;
constexpr Time kOuterStart = 21'200 * kPsPerUs;  // in the setup

Request request_of(OpId op, std::uint32_t die, const TargetList& targets = {}) {
  Request request;
  request.op = op;
  request.die = die;
  request.targets = targets;
  return request;
}

Act step_of(Time at, std::vector<Request> batch) {
  Act step;
  step.at = at;
  step.batch = std::move(batch);
  return step;
}

std::string control_base(Family family, const char* what) {
  return std::string(name(family)) + "_" + what;
}

const char* name_of(Way way) {
  constexpr const char* kNames[kWays] = {"at its end",   "1 ps behind",   "later",          "early",
                                         "in its batch", "behind a read", "read, in batch", "at a read's end"};
  return kNames[static_cast<int>(way)];
}

/// Follows one case through its cuts, by the rules of SPEC sections 4 and 5.
class Narrator {
 public:
  Narrator(const Device& device, const SuspendCase& one, std::int32_t group, Time start)
      : device_(device), case_(one), chain_(chain_of(device, one.op)), group_(group), piece_start_(start) {
    const Family family = device.base_of(one.op).family;
    suspend_ = find_op(device, control_base(family, "SUSPEND"), "", false);
    resume_ = find_op(device, control_base(family, "RESUME"), "", false);
    read_ = device.find_op("Read_SLC").value();
  }

  Script tell() {
    propose_all();
    for (const Cut& cut : case_.cuts) suspend(cut);
    finish();
    return std::move(script_);
  }

  // What comes behind the cuts told so far.
  Time consumed() const { return consumed_; }

 private:
  struct Waiting {
    std::size_t story = 0;
    Time nominal = 0;
    Time wanted = 0;  ///< BKL-02: original start, and the time for which the family was suspended since
    ChainLink link;
  };

  Time nominal(OpId op) const { return device_.op(op).nominal; }
  Time remaining() const { return nominal(case_.op) - consumed_; }
  Time end() const { return piece_start_ + remaining(); }

  /// Told in order of time.
  std::size_t add_step(Act step) {
    script_.steps.push_back(std::move(step));
    return script_.steps.size() - 1;
  }
  std::size_t add_story(std::size_t step, std::size_t index) {
    OpStory story;
    story.step = step;
    story.index = index;
    script_.stories.push_back(story);
    return script_.stories.size() - 1;
  }
  void event(std::size_t story, const char* what, Time at, Time value = 0) {
    script_.stories[story].events.push_back({what, at, value});
    script_.over = std::max(script_.over, at);
  }
  void whole(std::size_t step, std::size_t index, Time start, Time duration) {
    const std::size_t story = add_story(step, index);
    event(story, "start", start);
    event(story, "end", start + duration);
  }

  void propose_all() {
    Act step = step_of(piece_start_ - kBeforeStart, {request_of(case_.op, case_.die, own_targets())});
    step.batch.front().not_before = piece_start_;
    step.starts.push_back(piece_start_);
    const std::size_t number = add_step(step);
    add_story(number, 0);
    event(0, "start", piece_start_);
    const int count = case_.followers == Followers::Two                                              ? 2
                      : case_.followers == Followers::None || case_.followers == Followers::Arriving ? 0
                                                                                                     : 1;
    Time free = end();
    for (int i = 0; i < count; ++i) {
      const ChainLink& link = chain_.behind[static_cast<std::size_t>(i)];
      Request follower = request_of(link.op, case_.die, targets_of(device_, case_, group_ + link.group, link.page));
      if (case_.followers == Followers::Far) {
        free += kFarGap;
        follower.not_before = free;
      }
      script_.steps[number].batch.push_back(follower);
      script_.steps[number].starts.push_back(free);
      waiting_.push_back({add_story(number, static_cast<std::size_t>(i) + 1), nominal(link.op), free, link});
      free += nominal(link.op);
    }
  }

  TargetList own_targets() const { return targets_of(device_, case_, group_, 0); }

  /// SUS-02: what a SUSPEND meets at `at`.
  void suspend(const Cut& cut) {
    Time at = piece_start_ + cut.offset;
    const Time issue = device_.op(case_.op).issue_time();
    const bool first_piece = script_.stories.front().events.size() == 1;
    script_.was_cut = false;
    if (cut.offset < 0 && first_piece) return cut_at(at, piece_start_ + issue, cut.way);  // waits for the bus
    if (cut.offset < 0 || (first_piece && cut.offset < issue)) return refused(at, Reason::StateForbid);
    if (cut.offset < remaining()) return cut_at(at, at, cut.way);
    const bool meets_follower = !waiting_.empty() && follower_start(0) <= at;
    if (meets_follower) return refused(at, Reason::StateForbid);  // it is in its ISSUE
    Act step = step_of(at, {request_of(suspend_, case_.die)});
    step.starts = {at};
    whole(add_step(step), 0, at, device_.op(suspend_).issue_time());
    script_.stories.back().outcome = Reason::NothingToSuspend;
  }

  void refused(Time at, Reason reason) {
    Act step = step_of(at, {request_of(suspend_, case_.die)});
    step.refusal = reason;
    add_step(step);
  }

  /// SUS-03 at `at`, SUS-04, and its RESUME.
  void cut_at(Time proposed, Time at, Way way) {
    script_.was_cut = true;
    consumed_ += at - piece_start_;
    const Time suspend_end = at + nominal(suspend_);
    Act step = step_of(proposed, {request_of(suspend_, case_.die)});
    step.starts = {at};
    const std::size_t number = add_step(step);
    whole(number, 0, at, nominal(suspend_));
    event(0, "cut", at, consumed_);
    if (case_.followers == Followers::Arriving && waiting_.empty()) arrive(at + 1);
    const Time resume_start = resume(number, at, suspend_end, way);
    const Time resume_end = resume_start + nominal(resume_);
    event(0, "resume", resume_end, remaining());
    piece_start_ = resume_end;
    for (Waiting& follower : waiting_) follower.wanted += resume_end - suspend_end;
  }

  /// BKL-01.
  void arrive(Time at) {
    const ChainLink& link = chain_.behind.front();
    Act step =
        step_of(at, {request_of(link.op, case_.die, targets_of(device_, case_, group_ + link.group, link.page))});
    step.starts = {kNever};
    waiting_.push_back({add_story(add_step(step), 0), nominal(link.op), at, link});
  }

  /// The RESUME and what comes with it; when it starts (SUS-09, SUS-14).
  Time resume(std::size_t suspend_step, Time cut, Time suspend_end, Way way) {
    switch (way) {
      case Way::AtEnd:
        return propose_resume(suspend_end, suspend_end);
      case Way::JustAfter:
        return propose_resume(suspend_end + 1, suspend_end + 1);
      case Way::Later:
        refused(cut + device_.op(suspend_).issue_time(), Reason::StateForbid);  // SUS-14: within its CORE_BUSY
        refused(suspend_end, Reason::StateForbidSuspend);
        return propose_resume(suspend_end + kLater, suspend_end + kLater);
      case Way::Early:
        return propose_resume(suspend_end - 1, suspend_end);
      case Way::SameBatch:
        return join_resume(suspend_step, suspend_end);
      case Way::BehindRead:
        propose_read(suspend_end);
        return propose_resume(suspend_end + 1, suspend_end + nominal(read_));
      case Way::ReadSameBatch:
        return join_resume(suspend_step, join(suspend_step, read_request(), suspend_end));
      case Way::AtReadEnd:
        break;
    }
    propose_read(suspend_end + 7);
    const Time read_end = suspend_end + 7 + nominal(read_);
    return propose_resume(read_end, read_end);
  }

  Request read_request() const { return request_of(read_, case_.die, {Target{0, 0, 0}}); }

  Time propose_resume(Time at, Time start) {
    Act step = step_of(at, {request_of(resume_, case_.die)});
    step.starts = {start};
    whole(add_step(step), 0, start, nominal(resume_));
    return start;
  }
  void propose_read(Time at) {
    Act step = step_of(at, {read_request()});
    step.starts = {at};
    whole(add_step(step), 0, at, nominal(read_));
  }
  /// Adds to the batch of a step; returns its end.
  Time join(std::size_t number, const Request& request, Time start) {
    Act& step = script_.steps[number];
    step.batch.push_back(request);
    step.starts.push_back(start);
    whole(number, step.batch.size() - 1, start, nominal(request.op));
    return start + nominal(request.op);
  }
  Time join_resume(std::size_t number, Time start) {
    join(number, request_of(resume_, case_.die), start);
    return start;
  }

  /// BKL-02: in order, one after the other, none before its wanted time.
  Time follower_start(std::size_t i) const {
    Time free = end();
    for (std::size_t k = 0;; ++k) {
      const Time start = std::max(free, waiting_[k].wanted);
      if (k == i) return start;
      free = start + waiting_[k].nominal;
    }
  }

  void finish() {
    script_.end = end();
    end_op(0, case_.op, own_targets(), end());
    for (std::size_t i = 0; i < waiting_.size(); ++i) {
      const Waiting& follower = waiting_[i];
      const Time start = follower_start(i);
      event(follower.story, "start", start);
      end_op(follower.story, follower.link.op,
             targets_of(device_, case_, group_ + follower.link.group, follower.link.page), start + follower.nominal);
    }
  }

  /// SUS-13: the array changes here and nowhere else.
  void end_op(std::size_t story, OpId op, const TargetList& targets, Time at) {
    event(story, "end", at);
    const std::string& base = device_.base_of(op).name;
    const bool ends_page = base == "PROGRAM_SLC" || base == "ALLWL_PROGRAM" || base == "CACHE_PROGRAM_SLC" ||
                           base == "COPYBACK_PROGRAM_SLC" || base == "ONESHOT_CACHE_PROGRAM" ||
                           base.find("MSB_23H") != std::string::npos || base.find("EXEC_MSB") != std::string::npos;
    if (!ends_page) return;
    for (const Target& target : targets) event(story, "programmed", at, target.page);
  }

  const Device& device_;
  const SuspendCase& case_;
  OpChain chain_;
  std::int32_t group_;
  OpId suspend_{};
  OpId resume_{};
  OpId read_{};
  Time piece_start_ = 0;
  Time consumed_ = 0;
  std::vector<Waiting> waiting_;
  Script script_;
};

}  // namespace

std::string SuspendCase::text(const Device& device) const {
  constexpr const char* kBehind[kFollowerKinds] = {"nothing", "one", "two", "one far", "one that arrives"};
  std::string text = device.op(op).name + " on die " + std::to_string(die) + ", " + std::to_string(planes) +
                     " planes, behind it " + kBehind[static_cast<int>(followers)] +
                     (within_erase ? ", within an erase" : "");
  for (const Cut& cut : cuts) {
    text += "; SUSPEND " + std::to_string(cut.offset) + " ps into its piece, RESUME " + name_of(cut.way);
  }
  return text;
}

TargetList targets_of(const Device& device, const SuspendCase& one, std::int32_t group, std::int32_t page) {
  const auto planes = static_cast<std::int32_t>(device.topology.planes);
  const std::int32_t row = 1 + (group % kGroupsInUse);
  TargetList targets;
  for (std::int32_t plane = 0; plane < static_cast<std::int32_t>(one.planes); ++plane) {
    targets.push_back(Target{plane, row * planes + plane, page});
  }
  return targets;
}

std::vector<Act> read_page_steps(const Device& device, std::uint32_t die, Time at) {
  const TargetList page{Target{0, 0, 0}};
  return {step_of(at, {request_of(device.find_op("Block_Erase_SLC").value(), die, page),
                       request_of(device.find_op("Page_Program_SLC").value(), die, page)})};
}

std::vector<Act> setup_steps(const Device& device, const SuspendCase& one, std::int32_t number, Time from) {
  const std::int32_t group = number * kGroupsPerCase;
  const OpChain chain = chain_of(device, one.op);
  std::vector<Request> erases;
  const auto erase = [&](std::int32_t behind) {
    erases.push_back(request_of(chain.erase, one.die, targets_of(device, one, group + behind, 0)));
  };
  erase(0);
  for (const ChainLink& link : chain.behind) {
    if (link.group != 0 && device.base_of(one.op).family == Family::Program) erase(link.group);
  }
  std::vector<Act> steps = {step_of(from, {request_of(device.find_op("Reset_LUN").value(), one.die)}),
                            step_of(from + 40 * kPsPerUs, erases)};
  std::vector<Request> before;
  if (device.base_of(one.op).family == Family::Erase) {  // something to erase
    const std::string celltype = device.celltypes[index(device.op(one.op).celltype)];
    const bool slc = celltype != "TLC";
    const std::vector<std::string> bases =
        slc ? std::vector<std::string>{"PROGRAM_SLC"}
            : std::vector<std::string>{"ONESHOT_PROGRAM_LSB", "ONESHOT_PROGRAM_CSB", "ONESHOT_PROGRAM_EXEC_MSB"};
    for (const std::string& base : bases) {
      const OpId op = find_op(device, base, celltype, device.op(one.op).multi);
      before.push_back(request_of(op, one.die, targets_of(device, one, group, 0)));
    }
  }
  for (const ChainLink& link : chain.before)
    before.push_back(request_of(link.op, one.die, targets_of(device, one, group, 0)));
  if (one.within_erase) {
    const OpId outer = device.find_op("Block_Erase_SLC").value();
    const OpId suspend = find_op(device, "ERASE_SUSPEND", "", false);
    const auto block = static_cast<std::int32_t>(device.topology.blocks_per_die - 4);
    steps.push_back(step_of(from + kOuterStart, {request_of(outer, one.die, {Target{0, block, 0}})}));
    steps.push_back(step_of(from + kOuterStart + kOuterProgress, {request_of(suspend, one.die)}));
    if (!before.empty()) steps.push_back(step_of(from + kOuterStart + 2 * kOuterProgress, before));
    return steps;
  }
  if (!before.empty()) steps.push_back(step_of(from + 40 * kPsPerUs + 1, before));
  return steps;
}

Reason left_behind(const Device& device, const SuspendCase& one) {
  const OpChain chain = chain_of(device, one.op);
  OpId last = one.op;
  if (one.followers == Followers::Two) {
    last = chain.behind[1].op;
  } else if (one.followers != Followers::None) {
    last = chain.behind[0].op;
  }
  const std::string& base = device.base_of(last).name;
  const auto ends_with = [&base](const std::string& end) {
    return base.size() >= end.size() && base.compare(base.size() - end.size(), end.size(), end) == 0;
  };
  const bool executes = ends_with("EXEC_MSB");
  if (ends_with("_LSB") || ends_with("_CSB") || (ends_with("_MSB") && !executes)) return Reason::Latch;
  const bool opens_cache = base == "CACHE_PROGRAM_SLC" || base == "ONESHOT_CACHE_PROGRAM";
  return opens_cache ? Reason::StateForbidCache : Reason::None;
}

Script script_of(const Device& device, const SuspendCase& one, std::int32_t number, Time start) {
  return Narrator(device, one, number * kGroupsPerCase, start).tell();
}

std::vector<Time> instants_after(const Device& device, const SuspendCase& one) {
  Narrator narrator(device, one, 0, kSetupTime);
  const Script told = narrator.tell();
  if (!one.cuts.empty() && !told.was_cut) return {};
  std::set<Time> instants = {-1, 0, 1};
  Time begin = 0;
  for (const Step& step : device.op(one.op).steps) {
    const Time end = begin + step.duration;
    const Time from = std::max(begin, narrator.consumed()) - narrator.consumed();
    const Time to = end - narrator.consumed();
    begin = end;
    if (to < 0) continue;
    for (const Time t : {to - 1, to, to + 1, from + (to - from) / 2}) {
      if (t >= 0) instants.insert(t);
    }
  }
  return {instants.begin(), instants.end()};
}

}  // namespace nandtlm::test
