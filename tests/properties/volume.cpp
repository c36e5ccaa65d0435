#include "tests/properties/volume.h"

#include <set>
#include <utility>

namespace nandtlm::test {
namespace {

/// Follows one story and names the situations that need several steps.
class Situations {
 public:
  explicit Situations(const Sequence& sequence) : device_(*sequence.device) {
    for (std::size_t b = 0; b < sequence.proposals.size(); ++b) {
      const reference::Decision& decision = sequence.story.decisions[b];
      for (std::size_t i = 0; i < decision.uids.size(); ++i)
        requests_[decision.uids[i]] = &sequence.proposals[b].requests[i];
    }
  }

  void follow(const reference::Happening& event, std::map<std::string, std::size_t>& counts) {
    const Uid uid = event.uid;
    if (event.what == "plan") refilled_.insert(uid);
    if (event.what == "resume") suspended_.erase(uid);
    if (event.what == "abort") abort(event, counts);
    const bool is_cut = event.what == "cut";
    // What a refill brought is cut, or goes back before it has started.
    if ((is_cut || event.what == "backlog") && refilled_.erase(uid) != 0) ++counts["stopped refill"];
    if (!is_cut) return;
    if (!cut_before_.insert(uid).second) ++counts["second cut"];
    if (is_nested(uid)) ++counts["nested cut"];
    suspended_.insert(uid);
  }

 private:
  Family family(Uid uid) const { return device_.base_of(requests_.at(uid)->op).family; }
  bool is_nested(Uid uid) const {
    for (const Uid other : suspended_) {
      const bool same_die = requests_.at(other)->die == requests_.at(uid)->die;
      if (same_die && family(other) == Family::Erase && family(uid) == Family::Program) return true;
    }
    return false;
  }
  void abort(const reference::Happening& event, std::map<std::string, std::size_t>& counts) {
    const bool first_of_reset = event.at != last_reset_;
    if (suspended_.erase(event.uid) == 0 || !first_of_reset) return;
    last_reset_ = event.at;
    ++counts["reset with something suspended"];
  }

  const Device& device_;
  std::map<Uid, const Request*> requests_;
  std::set<Uid> suspended_;
  std::set<Uid> cut_before_;
  std::set<Uid> refilled_;
  Time last_reset_ = kNever;
};

void append(std::string& all, const std::map<std::string, std::size_t>& counts) {
  for (const auto& [what, count] : counts) all += ", " + what + " " + std::to_string(count);
}

}  // namespace

void Volume::add(const Sequence& sequence) {
  ++sequences_;
  count_requests(sequence);
  count_events(sequence);
}

void Volume::count_requests(const Sequence& sequence) {
  for (const reference::Proposal& proposal : sequence.proposals) {
    requests_ += proposal.requests.size();
    for (const Request& request : proposal.requests) ++ops_[sequence.device->op(request.op).name];
  }
  for (const reference::Decision& decision : sequence.story.decisions) {
    if (!decision.accepted) ++counts_[name(decision.reason)];
  }
}

void Volume::count_events(const Sequence& sequence) {
  Situations situations(sequence);
  for (const reference::Happening& event : sequence.story.events) {
    ++counts_[event.what];
    situations.follow(event, counts_);
  }
}

std::size_t Volume::count_of(const std::string& what) const {
  const auto found = counts_.find(what);
  return found == counts_.end() ? 0 : found->second;
}

std::string Volume::text() const {
  std::string all = std::to_string(sequences_) + " sequences, " + std::to_string(requests_) + " requests";
  append(all, ops_);
  append(all, counts_);
  return all;
}

std::string Volume::shortage(const std::vector<Minimum>& minima) const {
  std::string lines;
  for (const Minimum& minimum : minima) {
    const std::size_t needed = minimum.count * sequences_ / 1'000;
    const std::size_t seen = count_of(minimum.what);
    if (seen >= needed) continue;
    lines += std::string(minimum.what) + ": " + std::to_string(seen) + ", needed " + std::to_string(needed) + "\n";
  }
  return lines;
}

}  // namespace nandtlm::test
