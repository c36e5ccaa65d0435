#include "testbench/generator/proposer.h"

namespace nandtlm {
namespace {

std::uint32_t phase_of(const PhaseKey& key, const Device& device) {
  if (key.base == PhaseKey::kNoBase) return default_phase(device);
  return std::uint32_t{key.base} * kPhasesPerBase + key.state;
}

}  // namespace

Proposer::Proposer(Package& package, Scheduler& scheduler, const Generation& generation,
                   const GeneratorSettings& settings, const WeightTable& weights)
    : package_(package),
      scheduler_(scheduler),
      device_(package.device()),
      generation_(generation),
      settings_(settings),
      tables_(device_, weights, settings.max_backlog > 0 ? Queueing::Yes : Queueing::No, generation.skip_delay),
      sequences_(device_, generation, settings.until_covered),
      builder_(device_, generation, sequences_) {
  for (std::uint32_t die = 0; die < device_.topology.dies; ++die) {
    addresses_.push_back(std::make_unique<AddressManager>(device_, package.die(die).resources().address()));
  }
  batch_.requests.reserve(64);
}

const Batch* Proposer::propose(std::uint32_t die, std::uint32_t plane, Time now, Rng& rng) {
  ++counts_.hooks;
  const AliasTable& table = table_for(die, plane, now);
  if (table.empty()) {
    ++counts_.no_op;
    return nullptr;
  }
  for (std::uint32_t i = 0; i < generation_.max_tries; ++i) {
    const OpId op = OpId(table.draw(rng));
    ++counts_.drawn;
    if (is_delay(op)) {
      ++counts_.idle;
      return nullptr;
    }
    if (!draw_first(die, plane, now, op, rng)) {
      ++counts_.no_address;
      continue;
    }
    if (!admit(batch_.requests.front(), now)) {
      ++counts_.not_admitted;
      continue;
    }
    if (builder_.grow(place_on(die, now), rng, batch_)) return &batch_;
    ++counts_.no_address;
  }
  return nullptr;
}

BatchBuilder::Place Proposer::place_on(std::uint32_t die, Time now) const {
  BatchBuilder::Place place{die, addresses_[die].get(), nullptr, {}};
  const ResourceManager& plan = package_.die(die).resources();
  if (const Suspension* program = plan.stack(Family::Program).holding_at(now)) {
    place.suspended_program = &program->op->info.targets;
  }
  for (const Family family : {Family::Program, Family::Erase}) {
    if (!device_.rules.suspend || !plan.suspended_at(family, now)) continue;
    place.forbidden |= device_.exclusions.by_suspend[static_cast<std::size_t>(family)][1];
    for (std::size_t b = 0; b < device_.bases.size(); ++b) {
      if (device_.bases[b].family == family) place.forbidden.reset(b);  // goes to its backlog
    }
  }
  return place;
}

/// Where an END state leaves nothing to draw, the plane is taken as one at rest: its tables refuse nothing (OUT-01).
const AliasTable& Proposer::table_for(std::uint32_t die, std::uint32_t plane, Time now) {
  const std::uint32_t phase = phase_of(package_.die(die).phase_on(plane), device_);
  const std::uint32_t held = situation(die, plane, now);
  const AliasTable& table = tables_.at(phase, held);
  const bool at_rest = phase % kPhasesPerBase == kEndPhase;
  return table.empty() && at_rest ? tables_.at(default_phase(device_), held) : table;
}

std::uint32_t Proposer::situation(std::uint32_t die, std::uint32_t plane, Time now) {
  const ResourceManager& plan = package_.die(die).planning->planner();
  std::uint32_t bits = stage_;
  if (plan.suspended_at(Family::Program, now)) bits |= Situation::kProgramSuspended;
  if (plan.suspended_at(Family::Erase, now)) bits |= Situation::kEraseSuspended;
  const DieFlags flags = plan.flags_at(now);
  for (std::size_t i = 0; i < kLatches; ++i) {
    const bool held = i == 0 ? (flags.latched[i] >> plane & 1U) != 0 : flags.latched[i] != 0;
    if (held) bits |= Situation::kLatched << i;
  }
  if ((flags.cache_read >> plane & 1U) != 0) bits |= Situation::kCacheRead;
  for (const std::size_t i : {std::size_t{1}, std::size_t{2}}) {
    if ((flags.cache_program >> i & 1U) != 0) bits |= Situation::kCacheRead << i;
  }
  if (package_.state().odt.disabled_at(now)) bits |= Situation::kOdtOff;
  return bits;
}

bool Proposer::is_delay(OpId op) const {
  return generation_.skip_delay && class_of(device_.base_of(op)) == OpClass::Nop;
}

bool Proposer::draw_first(std::uint32_t die, std::uint32_t plane, Time now, OpId op, Rng& rng) {
  batch_.clear();
  Request request;
  request.op = op;
  request.die = die;
  request.source = Source::Generator;
  const OpBase& base = device_.base_of(op);
  if (base.effects.reads_suspended) {
    const Suspension* program = package_.die(die).resources().stack(Family::Program).holding_at(now);
    if (program == nullptr) return false;
    request.targets = program->op->info.targets;
    if (device_.op(op).multi != (request.targets.size() > 1)) return false;
  } else {
    AddressManager::Wish wish;
    wish.op = op;
    wish.max_planes = generation_.max_planes;
    // An op of the whole die may take any plane; a hook stands for one.
    const bool any_plane = base.scope == Scope::DieWide;
    wish.plane = static_cast<std::int32_t>(any_plane ? rng.below(device_.topology.planes) : plane);
    if (!addresses_[die]->draw(wish, rng, request.targets)) return false;
  }
  batch_.requests.push_back(request);
  return true;
}

/// GEN-01: the first op of a batch must start within the admission window. What would go to a backlog is let in while
/// that is short. A RESUME that the die would cancel is proposed all the same: it is the die's to say so (SUS-10).
bool Proposer::admit(Request& request, Time now) {
  const Family family = device_.base_of(request.op).family;
  request.not_before = now;
  ResourceManager& plan = package_.die(request.die).planning->planner();
  if (family != Family::None) {
    const bool waits = plan.suspended_at(family, now) || scheduler_.backlog_size(request.die, family) > 0 ||
                       scheduler_.refill_pending(request.die, family);
    if (waits) return admit_to_backlog(request, family);
  }
  const Verdict verdict = plan.feasible_at(request, now);
  if (verdict.resume_cancelled) return true;
  if (!verdict.ok() || verdict.nothing_to_suspend) return false;
  if (verdict.start - now > device_.policies.admission_window) return false;
  request.not_before = verdict.start;
  return true;
}

bool Proposer::admit_to_backlog(const Request& request, Family family) const {
  return scheduler_.backlog_size(request.die, family) < settings_.max_backlog;
}

const Batch* Proposer::resume_for_drain(std::uint32_t die, Time now) {
  ResourceManager& plan = package_.die(die).planning->planner();
  for (const Family family : {Family::Program, Family::Erase}) {
    const Suspension* newest = plan.stack(family).top();
    if (newest == nullptr) {
      if (plan.suspended_at(family, now)) return nullptr;  // its RESUME is under way
      continue;
    }
    for (std::size_t i = 0; i < device_.ops.size(); ++i) {
      const Effects& effects = device_.base_of(OpId(i)).effects;
      if (effects.action != Action::Resume || effects.controls != family) continue;
      batch_.clear();
      Request request;
      request.op = OpId(i);
      request.die = die;
      request.source = Source::Generator;
      request.not_before = now;
      if (!plan.feasible_at(request, now).ok()) break;
      batch_.requests.push_back(request);
      return &batch_;
    }
    if (family == Family::Program) return nullptr;  // SUS-08: first this one
  }
  return nullptr;
}

}  // namespace nandtlm
