#include "tests/sweeps/table_judge.h"

namespace nandtlm::test {
namespace {

std::size_t at(Family family) {
  return static_cast<std::size_t>(family);
}

class Judge {
 public:
  Judge(const Device& device, const Facts& facts, const Wanted& wanted)
      : device_(device), facts_(facts), wanted_(wanted), base_(index(wanted.spec->base)) {}

  Answer answer() {
    const Effects& effects = wanted_.base->effects;
    if (effects.action == Action::Suspend) return suspend();
    if (effects.action == Action::Resume) return Answer{resume(), false};
    return Answer{all(wanted_.spec->nominal, occupied()), false};
  }

 private:
  PlaneMask every_plane() const { return static_cast<PlaneMask>((1U << device_.topology.planes) - 1U); }
  PlaneMask addressed() const {
    PlaneMask planes = 0;
    for (const Target& target : wanted_.targets) planes = static_cast<PlaneMask>(planes | (1U << target.plane));
    return planes;
  }
  PlaneMask looked_at() const { return wanted_.targets.empty() ? every_plane() : addressed(); }
  PlaneMask occupied() const {
    const OpBase& base = *wanted_.base;
    if (base.effects.is_suspend_or_resume()) return every_plane();  // SUS-14
    if (base.effects.is_reset() || base.instant_resv || base.scope == Scope::None) return 0;
    return base.scope == Scope::DieWide ? every_plane() : addressed();
  }

  /// RES-01, from the first rule to the last.
  Reason all(Time length, PlaneMask planes) const {
    if (bus_is_taken(length)) return Reason::Bus;
    if (const Reason conflict = planes_conflict(planes); conflict != Reason::None) return conflict;
    if (spoils_what_is_resumed(length)) return Reason::Exclusion;
    return states();
  }
  Reason states() const {
    if (latch_forbids()) return Reason::Latch;
    if (state_forbids()) return Reason::StateForbid;
    if (suspension_forbids()) return Reason::StateForbidSuspend;
    if (facts_.odt_off && device_.exclusions.by_odt_disabled.test(base_)) return Reason::StateForbidOdt;
    if (cache_forbids()) return Reason::StateForbidCache;
    return held_target() ? Reason::SuspendedTarget : Reason::None;
  }

  /// The bus segments of what runs, from now on, against those of what is wanted.
  bool bus_is_taken(Time length) const {
    if (facts_.spec == nullptr) return false;
    Time from = -facts_.offset;
    for (const Step& step : facts_.spec->steps) {
      const Time to = from + step.duration;
      if (step.bus && to > 0 && wants_bus(from, to, length)) return true;
      from = to;
      if (facts_.issue_only) break;
    }
    return false;
  }
  bool wants_bus(Time taken_from, Time taken_to, Time length) const {
    Time from = 0;
    for (const Step& step : wanted_.spec->steps) {
      const Time to = from + step.duration;
      if (step.bus && from < taken_to && taken_from < to && from < length) return true;
      from = to;
    }
    return false;
  }

  Reason planes_conflict(PlaneMask planes) const {
    if (facts_.spec == nullptr || planes == 0 || facts_.planes == 0) return Reason::None;
    if ((planes & facts_.planes) != 0) return Reason::PlaneScope;
    const BaseSet& allowed = device_.rules.single_single_allowed;
    const bool singles = !wanted_.spec->multi && !facts_.spec->multi;
    const bool listed = allowed.test(base_) && allowed.test(index(facts_.spec->base));
    const bool one_family = wanted_.base->family != Family::None && wanted_.base->family == facts_.base->family;
    return singles && listed && !one_family ? Reason::None : Reason::ExclusionMulti;
  }

  /// What a running RESUME brings back is reserved for its end: without ODT it may not be legal there.
  bool spoils_what_is_resumed(Time length) const {
    if (wanted_.base->effects.action != Action::OdtOff || !resuming()) return false;
    const Time resumed_in = facts_.spec->nominal - facts_.offset;
    const OpSpec& held = *facts_.held[at(facts_.base->effects.controls)];
    return resumed_in >= length && device_.exclusions.by_odt_disabled.test(index(held.base));
  }
  bool resuming() const { return facts_.spec != nullptr && facts_.base->effects.action == Action::Resume; }

  /// While PROGRAM is suspended the latches and cache state of its program are parked with it.
  bool parked(std::size_t latch) const {
    return facts_.suspended[at(Family::Program)] && latch != static_cast<std::size_t>(Latch::Read);
  }
  bool latch_forbids() const {
    for (std::size_t i = 0; i < kLatches; ++i) {
      const bool held = (facts_.latched[i] & looked_at()) != 0 && !parked(i);
      if (held && device_.exclusions.by_latch[i].test(base_)) return true;
    }
    return false;
  }
  bool cache_forbids() const {
    const auto& tables = device_.exclusions.by_cache;
    if ((facts_.cache_read & looked_at()) != 0 && tables[static_cast<std::size_t>(Cache::Read)].test(base_))
      return true;
    for (const Cache cache : {Cache::Program, Cache::OneshotProgram}) {
      const auto i = static_cast<std::size_t>(cache);
      const bool held = (facts_.cache_program >> i & 1) != 0 && !facts_.suspended[at(Family::Program)];
      if (held && tables[i].test(base_)) return true;
    }
    return false;
  }

  State running_state() const {
    Time end = 0;
    for (const Step& step : facts_.spec->steps) {
      end += step.duration;
      if (facts_.offset < end) return step.state;
    }
    return facts_.spec->steps.back().state;
  }
  bool state_forbids() const {
    if (facts_.spec == nullptr || !facts_.base->affect_state || (facts_.planes & looked_at()) == 0) return false;
    const auto& by_state = device_.exclusions.by_op_state[index(facts_.spec->base)];
    return by_state[static_cast<std::size_t>(running_state())].test(base_);
  }

  bool suspension_forbids() const {
    for (const Family family : {Family::Program, Family::Erase}) {
      const bool suspended = facts_.suspended[at(family)];
      if (device_.exclusions.by_suspend[at(family)][suspended ? 1 : 0].test(base_)) return true;
      if (suspended && wanted_.base->family == family) return true;  // SUS-06
    }
    return facts_.suspended[at(Family::Program)] && wanted_.base->effects.controls == Family::Erase;  // SUS-08
  }

  /// SUS-07.
  bool held_target() const {
    const Effects& effects = wanted_.base->effects;
    const bool may = effects.reads_suspended || effects.is_suspend_or_resume() || effects.is_reset() ||
                     effects.action == Action::Status || effects.action == Action::DataOut;
    if (may) return false;
    for (const Family family : {Family::Program, Family::Erase}) {
      if (!facts_.suspended[at(family)]) continue;
      const Target& held = facts_.held_at[at(family)];
      for (const Target& target : wanted_.targets) {
        const bool page = family == Family::Erase || target.page == held.page || effects.action == Action::Erase;
        if (target.block == held.block && page) return true;
      }
    }
    return false;
  }

  /// SUS-02.
  Answer suspend() const {
    const Family family = wanted_.base->effects.controls;
    const bool target = facts_.spec != nullptr && facts_.base->family == family;
    if (!target) {
      const Reason reason = all(wanted_.spec->issue_time(), 0);
      return Answer{reason, reason == Reason::None};
    }
    if (facts_.offset < facts_.spec->issue_time()) return Answer{Reason::StateForbid, false};
    return Answer{states(), false};
  }

  /// SUS-10, SUS-11: it must be legal, and what it brings back must be legal at its end.
  Reason resume() const {
    const Family family = wanted_.base->effects.controls;
    const bool on_its_way = resuming() && facts_.base->effects.controls == family;
    if (!facts_.suspended[at(family)] || on_its_way) return Reason::NothingToResume;
    const Reason own = all(wanted_.spec->nominal, every_plane());
    if (own != Reason::None) return own;
    Facts then = facts_;
    then.spec = nullptr;
    then.base = nullptr;
    then.suspended[at(family)] = false;
    if (facts_.base != nullptr && facts_.base->effects.action == Action::DataOut) {  // has released it by then
      then.latched[static_cast<std::size_t>(Latch::Read)] &= static_cast<PlaneMask>(~1U);
    }
    if (facts_.base != nullptr && facts_.base->effects.action == Action::OdtOff) then.odt_off = true;
    if (facts_.base != nullptr && facts_.base->effects.action == Action::OdtOn) then.odt_off = false;
    Wanted kept;
    kept.spec = facts_.held[at(family)];
    kept.base = &device_.base(kept.spec->base);
    kept.targets = {facts_.held_at[at(family)]};
    return Judge(device_, then, kept).states();
  }

  const Device& device_;
  const Facts& facts_;
  const Wanted& wanted_;
  std::size_t base_;
};

}  // namespace

Answer judge_by_tables(const Device& device, const Facts& facts, const Wanted& wanted) {
  return Judge(device, facts, wanted).answer();
}

}  // namespace nandtlm::test
