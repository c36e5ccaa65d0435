// What happened in a run, as comparable lines: the common language of reference and model.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "config/device.h"
#include "model/request.h"
#include "tlm/reason.h"

namespace nandtlm::reference {

/// One batch at one time.
struct Proposal {
  Time at = 0;
  std::vector<Request> requests;
};

/// One thing that happened; `a` and `b` depend on `what`.
struct Happening {
  Time at = 0;
  Uid uid = 0;
  std::string what;
  Time a = 0;
  Time b = 0;

  std::string text() const {
    const auto number = [](Time value) { return value == kNever ? std::string("never") : std::to_string(value); };
    return std::to_string(at) + " ps: uid " + std::to_string(uid) + " " + what + " " + number(a) + " " + number(b);
  }
  friend bool operator<(const Happening& x, const Happening& y) {
    return std::tie(x.at, x.uid, x.what, x.a, x.b) < std::tie(y.at, y.uid, y.what, y.a, y.b);
  }
  friend bool operator==(const Happening& x, const Happening& y) {
    return std::tie(x.at, x.uid, x.what, x.a, x.b) == std::tie(y.at, y.uid, y.what, y.a, y.b);
  }
};

/// The answer to one batch.
struct Decision {
  bool accepted = false;
  std::vector<Uid> uids;
  std::vector<Time> starts;  ///< kNever: backlog
  std::size_t refused_index = 0;
  Reason reason = Reason::None;
};

struct Story {
  std::vector<Decision> decisions;  ///< in the order of the proposals
  std::vector<Happening> events;

  void add(Time at, Uid uid, const std::string& what, Time a = 0, Time b = 0) {
    events.push_back({at, uid, what, a, b});
  }
  /// A level (depth of a stack, length of a backlog): what holds when the instant is over.
  void note(Time at, const std::string& what, std::uint32_t die, Family family, std::size_t value) {
    std::vector<std::pair<Time, Time>>& levels = levels_[what + " of die " + std::to_string(die) + " " + name(family)];
    if (!levels.empty() && levels.back().first == at) levels.pop_back();
    if (value != (levels.empty() ? 0 : static_cast<std::size_t>(levels.back().second)))
      levels.emplace_back(at, static_cast<Time>(value));
  }
  /// Call once, at the end: levels become events. At one instant the order of telling does not count.
  void finish() {
    for (const auto& level : levels_) {
      for (const auto& change : level.second) add(change.first, 0, level.first, change.second);
    }
    levels_.clear();
    std::sort(events.begin(), events.end());
  }

 private:
  std::map<std::string, std::vector<std::pair<Time, Time>>> levels_;
};

inline std::string text(const Decision& decision) {
  if (!decision.accepted) {
    return "refused at request " + std::to_string(decision.refused_index) + ": " + name(decision.reason);
  }
  std::string line = "accepted";
  for (std::size_t i = 0; i < decision.uids.size(); ++i) {
    line += " " + std::to_string(decision.uids[i]) + "@" +
            (decision.starts[i] == kNever ? std::string("backlog") : std::to_string(decision.starts[i]));
  }
  return line;
}

}  // namespace nandtlm::reference
