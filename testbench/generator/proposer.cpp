#include "testbench/generator/proposer.h"

#include <algorithm>

namespace nandtlm {
namespace {

/// Ops per die by which a drain tries to let a RESUME in before it gives up: some states have no end.
constexpr std::uint32_t kMostWays = 10;

std::uint32_t phase_of(const PhaseKey& key, const Device& device) {
  if (key.base == PhaseKey::kNoBase) return default_phase(device);
  return phase_number(BaseId(key.base), std::uint32_t{key.state});
}

/// Does an op of these effects end a state for which a RESUME is refused, or lead to its end?
bool ends(const Effects& effects, Reason refused_for) {
  const bool goes_on = effects.oneshot != Oneshot::No && effects.oneshot != Oneshot::Lsb;
  switch (refused_for) {
    case Reason::StateForbidOdt:
      return effects.action == Action::OdtOn;
    case Reason::StateForbidCache:
      return effects.cache_end != 0;
    case Reason::Latch:
      return goes_on || (effects.latch_clear != 0 && !effects.is_reset() && !effects.is_suspend_or_resume());
    default:
      return false;
  }
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
      builder_(device_, generation, sequences_),
      all_need_bus_(
          std::all_of(device_.ops.begin(), device_.ops.end(), [](const OpSpec& op) { return op.issue_time() > 0; })) {
  for (std::uint32_t die = 0; die < device_.topology.dies; ++die) {
    addresses_.push_back(std::make_unique<AddressManager>(device_, package.die(die).resources().address()));
  }
  for (const OpSpec& op : device_.ops) needs_.push_back(needs_of(device_, op));
  for (const Family family : {Family::Program, Family::Erase}) {
    forbidden_[static_cast<std::size_t>(family)] = forbidden_while_suspended(device_, family);
  }
  batch_.requests.reserve(64);
}

std::optional<DrawnAhead> Proposer::draw_ahead(std::uint32_t die, std::uint32_t phase, Time at, Rng& rng) {
  if (!gets_bus(package_.die(die).resources(), at)) {
    ++counts_.hooks;
    ++counts_.no_bus;
    return std::nullopt;
  }
  if (stage_ != 0 || !generation_.skip_delay) return DrawnAhead();
  const AheadTable& table = tables_.ahead(phase);
  if (table.empty()) return DrawnAhead();
  if (const std::optional<OpId> op = table.draw(rng)) return DrawnAhead{phase, *op};
  ++counts_.hooks;
  ++counts_.drawn;
  ++counts_.idle;
  return std::nullopt;
}

Batch* Proposer::propose(const Hook& hook, Time now, Rng& rng) {
  ++counts_.hooks;
  ResourceManager& plan = package_.die(hook.die).planning->planner();
  if (!gets_bus(plan, now)) {
    ++counts_.no_bus;
    return nullptr;
  }
  const Standing standing = standing_on(plan, hook.die, hook.plane, now);
  if (standing.table->ops->empty()) {
    ++counts_.no_op;
    return nullptr;
  }
  bool ahead = hook.drawn.phase == standing.phase && DrawTables::stands(*standing.table, hook.drawn.op, rng);
  for (std::uint32_t i = 0; i < generation_.max_tries; ++i) {
    const OpId op = ahead ? hook.drawn.op : OpId(standing.table->ops->draw(rng));
    ahead = false;
    ++counts_.drawn;
    if (tables_.is_idle(op)) {
      ++counts_.idle;
      return nullptr;
    }
    if (comes_too_late(hook, standing, op, now)) {
      ++counts_.not_admitted;
      continue;
    }
    if (!draw_first(hook, now, op, rng)) {
      ++counts_.no_address;
      continue;
    }
    if (!admit(batch_, plan, now)) {
      ++counts_.not_admitted;
      continue;
    }
    if (grow(hook.die, now, rng)) return &batch_;
    ++counts_.no_address;
  }
  return nullptr;
}

bool Proposer::grow(std::uint32_t die, Time now, Rng& rng) {
  const std::vector<SequenceStep>* steps = sequences_.draw(device_.op(batch_.requests.front().op).base, rng);
  if (steps == nullptr) return true;
  BatchBuilder::Place place{die, addresses_[die].get(), nullptr, {}};
  const ResourceManager& plan = package_.die(die).resources();
  if (const Suspension* program = plan.stack(Family::Program).holding_at(now)) {
    place.suspended_program = &program->op->info.targets;
  }
  for (const Family family : {Family::Program, Family::Erase}) {
    if (plan.suspended_at(family, now)) place.forbidden |= forbidden_[static_cast<std::size_t>(family)];
  }
  return builder_.grow(*steps, place, rng, batch_);
}

/// Where an END state leaves nothing that leads on, the plane is taken as one at rest: its tables refuse nothing
/// (OUT-01). Not while something else holds the die up: that ends by itself.
Proposer::Standing Proposer::standing_on(const ResourceManager& plan, std::uint32_t die, std::uint32_t plane,
                                         Time now) {
  Standing standing;
  standing.phase = phase_of(package_.die(die).phase_on(plane), device_);
  standing.room = room_on(plan, plane, now);
  standing.situation = situation(plan, die, plane, standing.room, now);
  standing.table = &tables_.at(standing.phase, standing.situation);
  const bool at_end = standing.phase % kPhasesPerBase == kEndPhase;
  if (!at_end || standing.table->leads_on || standing.room.die <= now) return standing;
  standing.phase = default_phase(device_);
  standing.table = &tables_.at(standing.phase, standing.situation);
  return standing;
}

/// Where it is taken for longer than the admission window, all that needs it would come too late.
bool Proposer::gets_bus(const ResourceManager& plan, Time now) const {
  if (!all_need_bus_) return true;
  const BusTimeline::Segment* const transfer = plan.bus().conflict(now, now + 1);
  return transfer == nullptr || transfer->end <= now + device_.policies.admission_window;
}

Proposer::Room Proposer::room_on(const ResourceManager& plan, std::uint32_t plane, Time now) const {
  const Time latest = now + device_.policies.admission_window;
  const DieTimeline& timeline = plan.timeline();
  Room room;
  for (std::size_t i = timeline.first_reaching(latest); i < timeline.size(); ++i) {
    const PlaneMask planes = timeline[i].op->info.planes;
    if (timeline[i].end <= latest || planes == 0) continue;
    room.die = std::min(room.die, timeline[i].start);
    if ((planes >> plane & 1U) == 0) continue;
    room.plane = timeline[i].start;
    break;
  }
  return room;
}

std::uint32_t Proposer::situation(const ResourceManager& plan, std::uint32_t die, std::uint32_t plane, const Room& room,
                                  Time now) const {
  std::uint32_t bits = stage_;
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
  if (room.die <= now) bits |= Situation::kDieBusy;
  if (room.plane <= now) bits |= Situation::kPlaneBusy;
  return bits | queue_bits(plan, die, room.die <= now, now);
}

/// What is suspended, and what would go to a backlog.
std::uint32_t Proposer::queue_bits(const ResourceManager& plan, std::uint32_t die, bool die_busy, Time now) const {
  std::uint32_t bits = 0;
  for (const Family family : {Family::Program, Family::Erase}) {
    const bool suspended = plan.suspended_at(family, now);
    const bool queued = scheduler_.waits(die, family);
    if (suspended) bits |= Situation::of(Situation::kProgramSuspended, family);
    if (queued && die_busy) bits |= Situation::of(Situation::kProgramWaits, family);
    if (!suspended && !queued) continue;
    const bool full = scheduler_.backlog_size(die, family) >= settings_.max_backlog;
    if (full) bits |= Situation::of(Situation::kProgramFull, family);
  }
  return bits;
}

/// BKL-01: an op of the family goes to the backlog.
bool Proposer::would_queue(const ResourceManager& plan, std::uint32_t die, Family family, Time now) const {
  return family != Family::None && (plan.suspended_at(family, now) || scheduler_.waits(die, family));
}

/// Without asking the die: would it run into what is planned, and so start behind the admission window?
bool Proposer::comes_too_late(const Hook& hook, const Standing& standing, OpId op, Time now) const {
  const Needs needs = needs_[index(op)];
  const OpSpec& spec = device_.op(op);
  const Time begins = needs == Needs::Plane ? standing.room.plane : standing.room.die;
  if (needs == Needs::Nothing || now + spec.nominal <= begins) return false;
  const Family family = device_.base(spec.base).family;
  if (family == Family::None) return true;
  const bool suspended = (standing.situation & Situation::of(Situation::kProgramSuspended, family)) != 0;
  return !suspended && !scheduler_.waits(hook.die, family);  // else it goes to the backlog
}

bool Proposer::draw_first(const Hook& hook, Time now, OpId op, Rng& rng) {
  batch_.clear();
  batch_.requests.emplace_back();
  Request& request = batch_.requests.back();
  request.op = op;
  request.die = hook.die;
  request.source = Source::Generator;
  const OpBase& base = device_.base_of(op);
  if (base.effects.reads_suspended) {
    const Suspension* program = package_.die(hook.die).resources().stack(Family::Program).holding_at(now);
    if (program == nullptr) return false;
    request.targets = program->op->info.targets;
    return device_.op(op).multi == (request.targets.size() > 1);
  }
  AddressManager::Wish wish;
  wish.op = op;
  wish.max_planes = generation_.max_planes;
  // An op of the whole die may take any plane; a hook stands for one.
  const bool any_plane = base.scope == Scope::DieWide;
  wish.plane = static_cast<std::int32_t>(any_plane ? rng.below(device_.topology.planes) : hook.plane);
  return addresses_[hook.die]->draw(wish, rng, request.targets);
}

/// GEN-01: the first op of a batch must start within the admission window. What would go to a backlog is let in while
/// that is short. A RESUME that the die would cancel is proposed all the same: it is the die's to say so (SUS-10).
bool Proposer::admit(Batch& batch, ResourceManager& plan, Time now) const {
  Request& request = batch.requests.front();
  const Family family = device_.base_of(request.op).family;
  request.not_before = now;
  if (would_queue(plan, request.die, family, now)) {
    return scheduler_.backlog_size(request.die, family) < settings_.max_backlog;
  }
  const Time latest = now + device_.policies.admission_window;
  batch.first = plan.feasible_at(request, now, latest);
  if (batch.first->resume_cancelled) return true;
  if (!batch.first->ok() || batch.first->nothing_to_suspend || batch.first->start > latest) return false;
  request.not_before = batch.first->start;
  return true;
}

Batch* Proposer::resume_for_drain(std::uint32_t die, Time now, Rng& rng) {
  ResourceManager& plan = package_.die(die).planning->planner();
  for (const Family family : {Family::Program, Family::Erase}) {
    const Suspension* newest = plan.stack(family).top();
    if (newest == nullptr) {
      if (plan.suspended_at(family, now)) return nullptr;  // its RESUME is under way
      continue;
    }
    const Verdict verdict = judge_resume(plan, die, family, now);
    if (verdict.ok()) {
      ways_made_ = 0;
      return &batch_;
    }
    if (ways_made_ < kMostWays * device_.topology.dies) {
      if (Batch* const way = make_way(die, now, verdict.refusal.reason, rng)) return way;
    }
    if (family == Family::Program) return nullptr;  // SUS-08: first this one
  }
  return nullptr;
}

/// What the die says to a RESUME of the family, which then stands in the batch; refused where the device has none.
Verdict Proposer::judge_resume(ResourceManager& plan, std::uint32_t die, Family family, Time now) {
  batch_.clear();
  for (std::size_t i = 0; i < device_.ops.size(); ++i) {
    const Effects& effects = device_.base_of(OpId(i)).effects;
    if (effects.action != Action::Resume || effects.controls != family) continue;
    Request& request = batch_.requests.emplace_back();
    request.op = OpId(i);
    request.die = die;
    request.source = Source::Generator;
    batch_.first = plan.feasible_at(request, now);
    request.not_before = batch_.first->start;
    return *batch_.first;
  }
  return Verdict::refused(refusal_of(Reason::Malformed, "no such op"));
}

/// An op that ends what `blocked_by` tells of, for a drain. ODT is the package's: any die will do.
Batch* Proposer::make_way(std::uint32_t die, Time now, Reason blocked_by, Rng& rng) {
  const std::uint32_t dies = device_.topology.dies;
  for (std::uint32_t i = 0; i < (blocked_by == Reason::StateForbidOdt ? dies : 1); ++i) {
    if (Batch* const way = make_way_on((die + i) % dies, now, blocked_by, rng)) {
      ++ways_made_;
      return way;
    }
  }
  return nullptr;
}

Batch* Proposer::make_way_on(std::uint32_t die, Time now, Reason blocked_by, Rng& rng) {
  ResourceManager& plan = package_.die(die).planning->planner();
  for (std::size_t i = 0; i < device_.ops.size(); ++i) {
    const OpBase& base = device_.base_of(OpId(i));
    if (!ends(base.effects, blocked_by)) continue;
    if (would_queue(plan, die, base.family, now)) continue;
    for (std::uint32_t plane = 0; plane < device_.topology.planes; ++plane) {
      if (!draw_first(Hook{die, plane, Family::None, 0, {}}, now, OpId(i), rng)) continue;
      if (admit(batch_, plan, now)) return &batch_;
    }
  }
  return nullptr;
}

}  // namespace nandtlm
