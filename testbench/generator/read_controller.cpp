#include "testbench/generator/read_controller.h"

#include <algorithm>

namespace nandtlm {
namespace {

/// What was refused, or could not be decided, is looked at again after this.
constexpr Time kLookAgain = 5 * kPsPerUs;
constexpr std::size_t kReadsAtATime = 2;

}  // namespace

ReadController::ReadController(const PolicyPlan& plan, Package& package, Scheduler& scheduler, bool policy_on)
    : plan_(plan),
      package_(package),
      scheduler_(scheduler),
      device_(package.device()),
      policy_on_(policy_on),
      dies_(device_.topology.dies) {
  for (std::uint32_t die = 0; die < dies_.size(); ++die) {
    addresses_.push_back(std::make_unique<AddressManager>(device_, package.die(die).resources().address()));
    DieLoad& load = dies_[die];
    load.rng = Rng(plan.seed, die);
    const std::uint64_t share = plan.settings.reads / dies_.size() + (die < plan.settings.reads % dies_.size() ? 1 : 0);
    load.arrivals_left = plan.arrivals.empty() ? share : plan.arrivals[die].size();
    reads_ += load.arrivals_left;
  }
  package.observers().attach(*this);
  package.agenda().enroll(*this);
  scheduler.enroll(*this);
}

void ReadController::begin() {
  for (std::uint32_t die = 0; die < dies_.size(); ++die) {
    wake(Moment::Begin, die, now());
  }
}

void ReadController::wake(Moment moment, std::uint32_t die, Time at) {
  package_.agenda().at(die, at, Turn::Proposal, *this, nullptr, static_cast<std::uint32_t>(moment) << 24U | die);
}

void ReadController::next_arrival(std::uint32_t die) {
  DieLoad& load = dies_[die];
  if (load.arrivals_left == 0 || stopped_) return;
  --load.arrivals_left;
  const Time at = plan_.arrivals.empty() ? now() + load.rng.exponential(plan_.settings.read_interval)
                                         : plan_.arrivals[die][load.next_of_trace++];
  wake(Moment::Arrival, die, std::max(now(), at));
}

void ReadController::due(Turn /*turn*/, Op* /*op*/, std::uint32_t argument) {
  const auto moment = static_cast<Moment>(argument >> 24U);
  const std::uint32_t die = argument & 0xFFFFFFU;
  if (moment == Moment::Arrival && !stopped_) {
    dies_[die].waiting.push_back(now());
    wake(Moment::Look, die, now() + plan_.settings.max_wait);
    next_arrival(die);
  }
  if (moment == Moment::LookAgain) dies_[die].looks_again = false;
  look(die);
}

void ReadController::look_again(std::uint32_t die) {
  if (dies_[die].looks_again) return;
  dies_[die].looks_again = true;
  wake(Moment::LookAgain, die, now() + kLookAgain);
}

void ReadController::look(std::uint32_t die) {
  DieLoad& load = dies_[die];
  if (load.ticket != 0) return;  // decided at this instant; that looks again
  serve(die);
  if (load.writer == Writer::Running) consider_suspend(die);
  if (load.writer == Writer::Suspended) consider_resume(die);
  if (load.writer == Writer::Idle && !is_over(load)) write(die);
}

/// Reads run while no write does.
void ReadController::serve(std::uint32_t die) {
  DieLoad& load = dies_[die];
  const bool in_time = load.writer == Writer::Suspended && now() < load.since + plan_.settings.max_suspended;
  if (load.writer != Writer::Idle && !in_time) return;
  // A few at a time, so that what was proposed does not keep a write suspended for longer than it may be.
  while (!load.waiting.empty() && load.outstanding.size() < kReadsAtATime) {
    Request requests[2];
    AddressManager::Wish wish;
    wish.op = plan_.ops.read;
    const auto planes = static_cast<std::uint64_t>(device_.topology.planes);
    const auto first = static_cast<std::int32_t>(load.rng.below(planes));
    bool found = false;
    for (std::int32_t i = 0; !found && i < static_cast<std::int32_t>(planes); ++i) {
      wish.plane = (first + i) % static_cast<std::int32_t>(planes);
      found = addresses_[die]->draw(wish, load.rng, requests[0].targets);
    }
    if (!found) return;  // nothing has been programmed yet
    requests[1].targets = requests[0].targets;
    requests[0].op = plan_.ops.read;
    requests[1].op = plan_.ops.data_out;
    for (Request& request : requests) {
      request.die = die;
      request.not_before = now();
      request.source = Source::Generator;
    }
    const Time arrived = load.waiting.front();
    load.waiting.pop_front();
    load.outstanding.push_back(OutstandingRead{scheduler_.submit(requests, 2, *this), arrived});
  }
}

void ReadController::consider_suspend(std::uint32_t die) {
  DieLoad& load = dies_[die];
  if (!policy_on_ || load.waiting.empty() || !has_page_to_read(die)) return;
  const Time wait_over = load.waiting.front() + plan_.settings.max_wait;
  if (load.write_end - now() < plan_.settings.min_remaining) return;
  if (now() < std::max(wait_over, load.since)) {
    wake(Moment::Look, die, std::max(wait_over, load.since));
    return;
  }
  propose(die, plan_.ops.suspend[static_cast<std::size_t>(load.family)], {});
}

bool ReadController::has_page_to_read(std::uint32_t die) const {
  for (std::uint32_t plane = 0; plane < device_.topology.planes; ++plane) {
    if (addresses_[die]->has_any(plan_.ops.read, static_cast<std::int32_t>(plane))) return true;
  }
  return false;
}

void ReadController::consider_resume(std::uint32_t die) {
  DieLoad& load = dies_[die];
  const bool too_long = now() >= load.since + plan_.settings.max_suspended;
  if (!load.outstanding.empty() || (!load.waiting.empty() && !too_long)) return;
  propose(die, plan_.ops.resume[static_cast<std::size_t>(load.family)], {});
}

/// The next page of the block, or a new block.
void ReadController::write(std::uint32_t die) {
  DieLoad& load = dies_[die];
  const std::uint32_t pages = std::min(plan_.settings.erase_every, device_.topology.pages_per_block);
  if (!load.block.empty() && load.pages_written < pages) {
    load.block[0].page = static_cast<std::int32_t>(load.pages_written);
    propose(die, plan_.ops.program, load.block);
    return;
  }
  AddressManager::Wish wish;
  wish.op = plan_.ops.erase;
  wish.plane = static_cast<std::int32_t>(load.rng.below(device_.topology.planes));
  if (!addresses_[die]->draw(wish, load.rng, load.block)) {
    load.block.clear();
    look_again(die);  // every block of the plane is read just now
    return;
  }
  load.pages_written = 0;
  propose(die, plan_.ops.erase, load.block);
}

void ReadController::propose(std::uint32_t die, OpId op, const TargetList& targets) {
  Request request;
  request.op = op;
  request.die = die;
  request.targets = targets;
  request.not_before = now();
  request.source = Source::Generator;
  dies_[die].proposed = op;
  dies_[die].ticket = scheduler_.submit(request, *this);
}

void ReadController::batch_decided(const BatchDecision& decision) {
  for (std::uint32_t die = 0; die < dies_.size(); ++die) {
    DieLoad& load = dies_[die];
    if (load.ticket == decision.ticket) {
      load.ticket = 0;
      if (decision.accepted) {
        command_accepted(die, decision.starts.front());
      } else {
        ++result_.refused;
        look_again(die);
      }
      return;
    }
    if (decision.accepted) continue;
    const auto read = std::find_if(load.outstanding.begin(), load.outstanding.end(),
                                   [&](const OutstandingRead& other) { return other.ticket == decision.ticket; });
    if (read == load.outstanding.end()) continue;
    ++result_.refused;
    load.waiting.push_front(read->arrived);
    load.outstanding.erase(read);
    look_again(die);
    return;
  }
}

void ReadController::command_accepted(std::uint32_t die, Time start) {
  DieLoad& load = dies_[die];
  const Effects& effects = device_.base_of(load.proposed).effects;
  if (effects.action == Action::Suspend) {
    if (start >= load.write_end) {  // it waits for the bus and will find nothing; its end looks again
      load.since = start;           // and none is proposed before
      return;
    }
    load.writer = Writer::Suspended;
    load.remaining = load.write_end - start;
    load.since = start;
    wake(Moment::Look, die, start + plan_.settings.max_suspended);
    serve(die);
  } else if (effects.action == Action::Resume) {
    load.writer = Writer::Resuming;
  } else {
    load.writer = Writer::Running;
    load.family = device_.base_of(load.proposed).family;
    load.write_end = start + device_.op(load.proposed).nominal;
    load.since = start + device_.op(load.proposed).issue_time();  // in ISSUE nothing is suspended (SUS-02)
    consider_suspend(die);
  }
}

void ReadController::op_finished(const OpResult& result) {
  DieLoad& load = dies_[result.die];
  const Action action = device_.base_of(result.op).effects.action;
  if (action == Action::DataOut) {
    const auto read = std::find_if(load.outstanding.begin(), load.outstanding.end(),
                                   [&](const OutstandingRead& other) { return other.ticket == result.ticket; });
    if (read != load.outstanding.end()) {
      result_.latency.add(result.ended_at - read->arrived);
      load.outstanding.erase(read);
    }
  } else if (action == Action::Program || action == Action::Erase) {
    load.writer = Writer::Idle;
    ++result_.writes;
    if (action == Action::Program) ++load.pages_written;
    if (action == Action::Program && !load.has_data) {
      load.has_data = true;  // from now on there is something to read
      next_arrival(result.die);
    }
  } else if (action == Action::Suspend) {
    if (result.outcome == Reason::None) ++result_.suspends;
  } else if (action == Action::Resume) {
    load.writer = Writer::Running;
    load.write_end = now() + load.remaining;
    load.since = now() + plan_.settings.max_wait;
  }
  wake(Moment::Look, result.die, now());
}

bool ReadController::is_over(const DieLoad& load) const {
  return stopped_ || (load.arrivals_left == 0 && load.waiting.empty() && load.outstanding.empty());
}

bool ReadController::finished() const {
  return std::all_of(dies_.begin(), dies_.end(), [&](const DieLoad& load) {
    const bool served = load.waiting.empty() && load.outstanding.empty();
    return is_over(load) && served && load.writer == Writer::Idle && load.ticket == 0;
  });
}

double ReadController::progress() const {
  return reads_ == 0 ? 1 : static_cast<double>(result_.latency.count()) / static_cast<double>(reads_);
}

}  // namespace nandtlm
