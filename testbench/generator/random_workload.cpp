#include "testbench/generator/random_workload.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace nandtlm {
namespace {

/// Streams of randomness that are no hook's, but a phase's: which hooks it has, and when.
constexpr std::uint64_t kPhaseStreams = std::uint64_t{1} << 63U;
/// In place of a hook's number: the next refill.
constexpr std::uint32_t kRefill = 0xFFFFFFFF;
/// Refill periods in a row in which nothing is accepted and nothing under way: so many, and a drain gives up.
constexpr std::uint32_t kQuietDrain = 1000;
/// And so many, and proposing gives up.
constexpr std::uint32_t kQuietRun = 100'000;

bool is_address_reason(Reason reason) {
  return reason >= Reason::EprAddressRange && reason <= Reason::EprOneshotOrder;
}

}  // namespace

RandomWorkload::RandomWorkload(sc_core::sc_module_name name, std::shared_ptr<const RandomPlan> plan, Package& package,
                               Scheduler& scheduler)
    : Workload(name),
      plan_(std::move(plan)),
      package_(package),
      scheduler_(scheduler),
      device_(package.device()),
      proposer_(package, scheduler, plan_->generation, plan_->settings, plan_->weights),
      coverage_(device_),
      bootstrap_(device_, plan_->generation.bootstrap,
                 plan_->settings.bootstrap.value_or(plan_->generation.bootstrap.enabled)),
      cuts_(device_.topology.dies) {
  proposer_.set_stage(bootstrap_.stage());
  proposer_.tables().set_celltype_weights(plan_->generation.bootstrap.celltype_weights);
  package.observers().attach(coverage_);
  package.observers().attach(*this);
  package.agenda().enroll(*this);
  scheduler.enroll(*this);
}

void RandomWorkload::begin() {
  refill_at(0);
}

/// The hooks that are to come stand in the agenda.
void RandomWorkload::transfer(StateArchive& archive) {
  archive.mark("generator");
  archive(proposer_, coverage_, bootstrap_, hooks_, cuts_, next_hook_, accepted_, accepted_before_, address_refusals_,
          refill_round_, refill_pending_, resumed_uid_, resumed_left_, stopped_, drained_, starved_, quiet_rounds_);
}

bool RandomWorkload::finished() const {
  return stopped_ && drained_;
}

double RandomWorkload::progress() const {
  if (stopped_) return 1;
  const std::uint64_t ops = plan_->settings.ops;
  return ops == 0 ? 0 : static_cast<double>(accepted_) / static_cast<double>(ops);
}

bool RandomWorkload::stop() {
  stopped_ = true;
  quiet_rounds_ = 0;
  drained_ = !plan_->settings.drain || drained();
  return true;
}

bool RandomWorkload::next_run() {
  stopped_ = false;
  drained_ = false;
  quiet_rounds_ = 0;
  accepted_before_ += std::exchange(accepted_, 0);
  if (!refill_pending_) refill_at(now());
  return true;
}

std::vector<std::string> RandomWorkload::failures() const {
  std::vector<std::string> lines;
  if (accepted_ + accepted_before_ == 0) {
    lines.push_back(fmt::format("nothing is legal on this device: {} draws, none was proposed and accepted",
                                proposer_.counts().drawn));
  }
  if (starved_ && lines.empty()) {
    lines.push_back(fmt::format(
        "nothing is legal any more: {} refill periods brought nothing, and nothing was under way", kQuietRun));
  }
  if (address_refusals_ != 0) {
    lines.push_back(fmt::format("{} proposals were refused for their addresses", address_refusals_));
  }
  if (plan_->settings.until_covered && coverage_.missing() != 0) {
    std::string examples;
    for (const std::string& example : coverage_.examples_of_missing(3)) examples += "; " + example;
    lines.push_back(fmt::format("{} of {} legal combinations were never reached{}", coverage_.missing(),
                                coverage_.legal(), examples));
  }
  return lines;
}

std::vector<std::pair<std::string, std::string>> RandomWorkload::report() const {
  const ProposerCounts& counts = proposer_.counts();
  std::vector<std::pair<std::string, std::string>> lines;
  lines.emplace_back(
      "generator",
      fmt::format("{} hooks, {} without a bus; {} ops drawn: {} to wait, {} without an address, {} "
                  "not within the window",
                  counts.hooks, counts.no_bus, counts.drawn, counts.idle, counts.no_address, counts.not_admitted));
  lines.emplace_back("coverage", fmt::format("{} of {} legal combinations of suspend and resume",
                                             coverage_.legal() - coverage_.missing(), coverage_.legal()));
  return lines;
}

void RandomWorkload::write_outputs(const std::filesystem::path& folder) const {
  write_coverage(coverage_, folder.string());
}

void RandomWorkload::add_hook(const Hook& hook, Time at) {
  package_.agenda().at(hook.die, at, Turn::Proposal, *this, nullptr, hooks_.put(hook));
}

void RandomWorkload::refill_at(Time at) {
  refill_pending_ = true;
  package_.agenda().at(0, at, Turn::Proposal, *this, nullptr, kRefill);
}

void RandomWorkload::due(Turn /*turn*/, Op* /*op*/, std::uint32_t argument) {
  if (argument == kRefill) {
    refill();
    return;
  }
  const Hook hook = hooks_.take(argument);
  if (!is_void(hook)) run_hook(hook);
}

/// The run takes no more, or the phase of the hook was cut.
bool RandomWorkload::is_void(const Hook& hook) {
  return stopped_ || (hook.family != Family::None && hook.cuts != cuts(hook.die, hook.family));
}

/// Every die once, beginning with another one each time; on each its planes in turn.
void RandomWorkload::refill() {
  refill_pending_ = false;
  if (finished()) return;
  if (plan_->settings.until_covered && coverage_.missing() == 0 && !stopped_) stop();
  refill_at(now() + device_.policies.queue_refill_period);
  if (!stopped_ && gives_up(kQuietRun)) {
    starved_ = true;
    stop();
  }
  if (stopped_) {
    drain_step();
    return;
  }
  if (bootstrap_.period_passed()) proposer_.set_stage(bootstrap_.stage());
  const std::uint64_t round = refill_round_++;
  const std::uint32_t dies = device_.topology.dies;
  const auto plane = static_cast<std::uint32_t>(round / dies % device_.topology.planes);
  for (std::uint32_t i = 0; i < dies && !stopped_; ++i) {
    const auto die = static_cast<std::uint32_t>((round + i) % dies);
    if (is_idle(die, plane)) run_hook(Hook{die, plane, Family::None, 0, {}});
  }
}

/// A busy phase has hooks of its own.
bool RandomWorkload::is_idle(std::uint32_t die, std::uint32_t plane) const {
  return package_.die(die).phase_on(plane).state == PhaseKey::kEnd;
}

void RandomWorkload::run_hook(const Hook& hook) {
  Rng rng(plan_->seed, next_hook_++);
  if (Batch* batch = proposer_.propose(hook, now(), rng)) decide(*batch);
}

void RandomWorkload::decide(Batch& batch) {
  const Verdict* const first = batch.first ? &*batch.first : nullptr;
  scheduler_.decide_now(batch.requests.data(), batch.requests.size(), first, *this);
}

/// GEN-05: what was accepted is finished; what is suspended needs its RESUME for that, and what lets that in.
void RandomWorkload::drain_step() {
  for (std::uint32_t die = 0; die < device_.topology.dies; ++die) {
    Rng rng(plan_->seed, next_hook_++);
    if (Batch* batch = proposer_.resume_for_drain(die, now(), rng)) decide(*batch);
  }
  drained_ = drained() || gives_up(kQuietDrain);
}

bool RandomWorkload::gives_up(std::uint32_t most_quiet_rounds) {
  if (++quiet_rounds_ <= most_quiet_rounds) return false;
  bool under_way = false;
  package_.state().ops.for_each_live(
      [&](const Op& op) { under_way = under_way || op.life == Life::Running || op.life == Life::Reserved; });
  if (under_way) quiet_rounds_ = 0;
  return !under_way;
}

/// Nothing is suspended, and nothing will be by what is planned.
bool RandomWorkload::drained() {
  for (std::uint32_t die = 0; die < device_.topology.dies; ++die) {
    const ResourceManager& plan = package_.die(die).resources();
    for (const Family family : {Family::Program, Family::Erase}) {
      if (plan.stack_depth(family) != 0 || plan.suspended_at(family, kNever - 1)) return false;
    }
  }
  return true;
}

void RandomWorkload::batch_decided(const BatchDecision& decision) {
  if (!decision.accepted) {
    if (is_address_reason(decision.refusal.reason)) ++address_refusals_;
    return;
  }
  quiet_rounds_ = 0;
  accepted_ += decision.uids.size();
  if (plan_->settings.ops != 0 && accepted_ >= plan_->settings.ops && !stopped_) stop();
}

void RandomWorkload::op_accepted(const OpInfo& op, Time /*at*/, Time /*start*/) {
  proposer_.addresses(op.die).accepted(op);
}

void RandomWorkload::op_ended(const OpInfo& op, Time /*at*/) {
  proposer_.addresses(op.die).over(op);
  if (bootstrap_.ended(op)) proposer_.set_stage(bootstrap_.stage());
}

void RandomWorkload::op_aborted(const OpInfo& op, Time /*at*/, Time /*consumed*/, Reason /*why*/) {
  proposer_.addresses(op.die).over(op);
}

void RandomWorkload::op_suspended(const OpInfo& op, Time /*at*/, Time /*consumed*/, Time /*remaining*/) {
  ++cuts(op.die, device_.base_of(op.op).family);
}

void RandomWorkload::op_resumed(const OpInfo& op, Time /*at*/, Time remaining) {
  resumed_uid_ = op.uid;
  resumed_left_ = remaining;
}

/// Hooks of a busy phase: within it, shortly before and behind its end. A phase that is cut loses them; what is left of
/// it has hooks of its own.
void RandomWorkload::state_entered(const OpInfo& op, State state, Time at) {
  if (state == State::Issue) lose_stages_to(op);
  const bool resumed = op.uid == resumed_uid_;
  if (resumed) resumed_uid_ = 0;
  if (stopped_ || op.planes == 0 || (state == State::Issue && !resumed)) return;
  const OpSpec& spec = device_.op(op.op);
  for (std::size_t i = 0; i < spec.steps.size(); ++i) {
    const Step& step = spec.steps[i];
    if (step.state != state) continue;
    const Time left = resumed ? step.end - (spec.nominal - resumed_left_) : step.duration;
    if (left > 0) add_hooks_of(op, i, at, left);
    return;
  }
}

/// When the ISSUE of a reset is told of, the reset has been done on its dies.
void RandomWorkload::lose_stages_to(const OpInfo& op) {
  const Effects& effects = device_.base_of(op.op).effects;
  if (!effects.is_reset()) return;
  for (std::uint32_t die = 0; die < device_.topology.dies; ++die) {
    if (effects.action == Action::ResetAll || die == op.die) proposer_.addresses(die).stages_lost();
  }
}

/// What a hook will do is drawn where the phase begins, by the state that it is to meet: the many that draw to do
/// nothing need not come.
void RandomWorkload::add_hooks_of(const OpInfo& op, std::size_t step, Time at, Time left) {
  Rng rng(plan_->seed, kPhaseStreams | next_hook_++);
  const OpSpec& spec = device_.op(op.op);
  const Family family = device_.base(spec.base).family;
  Hook hook{op.die, 0, family, family == Family::None ? 0 : cuts(op.die, family), {}};
  while ((op.planes >> hook.plane & 1U) == 0) ++hook.plane;
  const auto try_hook = [&](std::uint32_t phase, Time moment) {
    const std::optional<DrawnAhead> drawn = proposer_.draw_ahead(op.die, phase, moment, rng);
    if (!drawn) return;
    hook.drawn = *drawn;
    add_hook(hook, moment);
  };
  const GeneratorSettings& settings = plan_->settings;
  const Time end = at + left;
  const std::uint32_t here = phase_number(spec.base, spec.steps[step].state);
  // What cannot be suspended needs no hook in its middle.
  if (family != Family::None) try_hook(here, at + draw_offset(op, spec.steps[step], left, rng));
  if (left > settings.before_end) try_hook(here, end - settings.before_end);
  try_hook(phase_behind(op, step), end + settings.after_end);
}

/// The state that follows a step. Behind a RESUME goes on what it resumes.
std::uint32_t RandomWorkload::phase_behind(const OpInfo& op, std::size_t step) const {
  const OpSpec& spec = device_.op(op.op);
  for (std::size_t next = step + 1; next < spec.steps.size(); ++next) {
    if (spec.steps[next].duration > 0) return phase_number(spec.base, spec.steps[next].state);
  }
  const Effects& effects = device_.base(spec.base).effects;
  if (effects.action != Action::Resume) return phase_number(spec.base, kEndPhase);
  const Op& resumed = *package_.die(op.die).resources().stack(effects.controls).entries().front().op;
  Time begin = 0;
  const std::vector<Step>& steps = resumed.spec->steps;
  return phase_number(resumed.spec->base, steps[step_at(steps, resumed.piece().from, begin)].state);
}

/// A moment of what is left of a phase: any, or one that coverage still lacks where a run goes on until it is complete.
Time RandomWorkload::draw_offset(const OpInfo& op, const Step& step, Time left, Rng& rng) const {
  Time from = 0;
  Time to = left;
  if (plan_->settings.until_covered) {
    const Time gone = step.duration - left;
    const std::uint16_t missing = coverage_.missing_tenths(device_.op(op.op).base, step.state);
    std::array<std::uint32_t, Coverage::kTenths> wanted{};
    std::uint64_t count = 0;
    for (std::uint32_t tenth = 0; tenth < Coverage::kTenths; ++tenth) {
      if ((missing >> tenth & 1U) != 0 && step.duration * (tenth + 1) / Coverage::kTenths > gone)
        wanted[count++] = tenth;
    }
    if (count != 0) {
      const std::uint32_t tenth = wanted[rng.below(count)];
      from = std::max<Time>(0, step.duration * tenth / Coverage::kTenths - gone);
      to = std::max(from + 1, step.duration * (tenth + 1) / Coverage::kTenths - gone);
    }
  }
  return from + static_cast<Time>(rng.below(static_cast<std::uint64_t>(to - from)));
}

}  // namespace nandtlm
