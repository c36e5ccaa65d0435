#include "tests/sweeps/die_scene.h"

namespace nandtlm::test {
namespace {

constexpr Time kRunBeforeCut = 50 * kPsPerUs;
constexpr PlaneMask kTwoPlanes = 3;

std::size_t at(Family family) {
  return static_cast<std::size_t>(family);
}

Rules switched_off(Rules rules) {
  rules.latch = rules.state_forbid = rules.suspend = rules.odt = rules.cache = rules.address = false;
  return rules;
}

/// Nominal offset at which the array is done: a read sets its latch then (docs/ARCHITECTURE.md).
Time array_done(const OpSpec& spec) {
  Time offset = 0;
  Time done = 0;
  for (const Step& step : spec.steps) {
    offset += step.duration;
    if (step.state == State::CoreBusy) done = offset;
  }
  return done;
}

bool sets_read_latch(const OpBase& base) {
  const bool ends_cache = base.name == "CACHE_READ_END" || base.name == "PLANE_CACHE_READ_END";
  return base.effects.action == Action::Read && !ends_cache;
}

}  // namespace

std::string Situation::text(const Device& device) const {
  constexpr const char* kLeft[kBefores] = {
      "nothing", "a read", "LSB", "CSB", "MSB", "a cache read", "cache program", "one-shot cache", "ODT disabled"};
  return (runs ? device.op(*runs).name + " since " + std::to_string(offset) + " ps" : std::string("nothing runs")) +
         (suspended[0] ? ", PROGRAM suspended" : "") + (suspended[1] ? ", ERASE suspended" : "") + ", behind " +
         kLeft[static_cast<int>(before)];
}

DieScene::DieScene(std::shared_ptr<Device> device)
    : device_(std::move(device)), rules_(device_->rules), bench_(device_) {
  device_->rules = switched_off(rules_);
  prepare_blocks();
  device_->rules = rules_;
}

TargetList DieScene::targets(const Device& device, Row row, PlaneMask planes, std::int32_t page) {
  TargetList list;
  for (std::int32_t plane = 0; plane < static_cast<std::int32_t>(device.topology.planes); ++plane) {
    const std::int32_t block =
        static_cast<std::int32_t>(row) * static_cast<std::int32_t>(device.topology.planes) + plane;
    if ((planes >> plane & 1) != 0) list.push_back(Target{plane, block, page});
  }
  return list;
}

std::optional<OpId> DieScene::op_of(const Device& device, const std::string& base, bool multi) {
  std::optional<OpId> other;
  for (std::size_t i = 0; i < device.ops.size(); ++i) {
    const OpSpec& spec = device.ops[i];
    if (device.base(spec.base).name != base || spec.multi != multi) continue;
    const std::string& celltype = device.celltypes[index(spec.celltype)];
    if (celltype == "SLC" || celltype == "TLC") return static_cast<OpId>(i);
    if (!other) other = static_cast<OpId>(i);
  }
  return other;
}

Op* DieScene::start(OpId op, const TargetList& targets) {
  Request request;
  request.op = op;
  request.die = 0;
  request.targets = targets;
  const Verdict verdict = bench_.judge(request, bench_.now());
  if (!verdict.ok()) return nullptr;
  Journal journal(Journal::Mode::Undoable);
  Op& started = bench_.die().reserve(request, verdict, &bench_.revoked, journal);
  journal.commit();
  bench_.run_through(bench_.now());
  return &started;
}

Op* DieScene::start(const std::string& base, Row row, std::int32_t page) {
  return start(op_of(*device_, base).value(), targets(*device_, row, 1, page));
}

/// On both planes, one after the other.
void DieScene::complete(const std::string& base, Row row, std::int32_t page) {
  const OpId op = op_of(*device_, base).value();
  for (const PlaneMask plane : {PlaneMask{1}, PlaneMask{2}}) {
    if ((kTwoPlanes & plane) == 0) continue;
    start(op, targets(*device_, row, plane, page));
    bench_.run_to(bench_.now() + device_->op(op).nominal);
  }
}

/// Blocks in which every base finds what it needs. The last one-shot program releases the latches of the others.
void DieScene::prepare_blocks() {
  for (const char* name : {"Block_Erase_SLC", "Block_Erase_TLC"}) {
    const OpId erase = device_->find_op(name).value();
    const bool tlc = name == std::string("Block_Erase_TLC");
    const std::vector<Row> rows = tlc ? std::vector<Row>{Row::Tlc, Row::LsbLoaded, Row::CsbLoaded}
                                      : std::vector<Row>{Row::Slc, Row::Erased, Row::ProgramPending};
    for (const Row row : rows) {
      for (const PlaneMask plane : {PlaneMask{1}, PlaneMask{2}}) {
        start(erase, targets(*device_, row, plane, 0));
        bench_.run_to(bench_.now() + device_->op(erase).nominal);
      }
    }
  }
  const OpId program = device_->find_op("Page_Program_SLC").value();
  for (const PlaneMask plane : {PlaneMask{1}, PlaneMask{2}}) {
    start(program, targets(*device_, Row::Slc, plane, 0));
    bench_.run_to(bench_.now() + device_->op(program).nominal);
  }
  complete("ONESHOT_PROGRAM_LSB", Row::LsbLoaded);
  complete("ONESHOT_PROGRAM_LSB", Row::CsbLoaded);
  complete("ONESHOT_PROGRAM_CSB", Row::CsbLoaded);
  for (const char* base : {"ONESHOT_PROGRAM_LSB", "ONESHOT_PROGRAM_CSB", "ONESHOT_PROGRAM_EXEC_MSB"})
    complete(base, Row::Tlc);
}

bool DieScene::leave_behind(Before before) {
  const auto all = static_cast<PlaneMask>((1U << device_->topology.planes) - 1U);
  const auto run = [this](const char* base) {
    if (!op_of(*device_, base)) return false;
    const Op* op = start(base, Row::Left);
    if (op != nullptr) bench_.run_to(bench_.now() + op->nominal);
    return op != nullptr;
  };
  switch (before) {
    case Before::Nothing:
      return true;
    case Before::Read:
      facts_.latched[static_cast<std::size_t>(Latch::Read)] = 1;
      return run("READ");
    case Before::Lsb:
      facts_.latched[static_cast<std::size_t>(Latch::Lsb)] = all;
      return run("ONESHOT_PROGRAM_LSB");
    case Before::Csb:
      facts_.latched[static_cast<std::size_t>(Latch::Csb)] = all;
      return run("ONESHOT_PROGRAM_CSB");
    case Before::Msb:
      facts_.latched[static_cast<std::size_t>(Latch::Msb)] = all;
      return run("ONESHOT_PROGRAM_MSB");
    case Before::CacheRead:
      facts_.latched[static_cast<std::size_t>(Latch::Read)] = 1;
      facts_.cache_read = 1;
      return run("CACHE_READ");
    case Before::CacheProgram:
      facts_.cache_program = 1U << static_cast<unsigned>(Cache::Program);
      return run("CACHE_PROGRAM_SLC");
    case Before::OneshotCache:
      facts_.cache_program = 1U << static_cast<unsigned>(Cache::OneshotProgram);
      return run("ONESHOT_CACHE_PROGRAM");
    case Before::OdtDisable:
      facts_.odt_off = true;
      return run("ODTDISABLE");
  }
  return false;
}

/// `stop_after`: stand within the SUSPEND, which is what runs then.
bool DieScene::suspend(Family family, Time run, std::optional<Time> stop_after) {
  const bool program = family == Family::Program;
  const Row row = program ? Row::ProgramPending : Row::ErasePending;
  const Op* held = start(program ? "PROGRAM_SLC" : "ERASE", row);
  if (held == nullptr) return false;
  bench_.run_to(bench_.now() + run);
  const Op* suspend = start(op_of(*device_, std::string(name(family)) + "_SUSPEND").value(), {});
  if (suspend == nullptr) return false;
  facts_.suspended[at(family)] = true;
  facts_.held[at(family)] = held->spec;
  facts_.held_at[at(family)] = held->info.targets[0];
  if (stop_after) {
    note_running(*suspend, *stop_after);
    bench_.run_to(bench_.now() + *stop_after);
  } else {
    bench_.run_to(bench_.now() + suspend->nominal);
  }
  return true;
}

void DieScene::note_running(const Op& op, Time offset) {
  facts_.spec = op.spec;
  facts_.base = op.base;
  facts_.offset = offset;
  facts_.issue_only = op.nothing_to_suspend;
  const bool all = op.base->effects.is_suspend_or_resume() || op.base->effects.is_reset();
  const bool none = op.nothing_to_suspend || (!all && (op.base->instant_resv || op.base->scope == Scope::None));
  const auto every_plane = static_cast<PlaneMask>((1U << device_->topology.planes) - 1U);
  PlaneMask own = 0;
  for (const Target& target : op.info.targets) own = static_cast<PlaneMask>(own | (1U << target.plane));
  facts_.planes = none ? PlaneMask{0} : (all || op.base->scope == Scope::DieWide) ? every_plane : own;
  if (sets_read_latch(*op.base) && offset >= array_done(*op.spec)) {
    PlaneMask& latched = facts_.latched[static_cast<std::size_t>(Latch::Read)];
    latched = static_cast<PlaneMask>(latched | own);
  }
}

/// RES-06: what the die does when a reset starts.
void DieScene::start_reset(OpId op) {
  Op& reset = *start(op, {});
  reset.info.planes = bench_.die().all_planes();
  bench_.die().reset(reset, bench_.now());
  facts_ = Facts();
}

bool DieScene::start_what_runs(const Situation& situation) {
  const OpBase& base = device_->base_of(*situation.runs);
  if (base.effects.is_reset()) {
    const bool odt_off = facts_.odt_off;
    start_reset(*situation.runs);
    facts_.odt_off = odt_off;
    Op op;
    op.spec = &device_->op(*situation.runs);
    op.base = &base;
    note_running(op, situation.offset);
    bench_.run_to(bench_.now() + situation.offset);
    return true;
  }
  const bool multi = device_->op(*situation.runs).multi;
  const bool bare = base.effects.is_suspend_or_resume();
  const TargetList list = targets(*device_, Row::Runs, multi ? kTwoPlanes : PlaneMask{1}, 0);
  const Op* op = start(*situation.runs, bare ? TargetList() : list);
  if (op == nullptr || situation.offset >= op->nominal) return false;
  note_running(*op, situation.offset);
  bench_.run_to(bench_.now() + situation.offset);
  return true;
}

bool DieScene::build(const Situation& situation) {
  device_->rules = switched_off(rules_);
  bool built = leave_behind(situation.before);
  const OpBase* base = situation.runs ? &device_->base_of(*situation.runs) : nullptr;
  bool runs_already = false;
  for (const Family family : {Family::Erase, Family::Program}) {
    if (!built || !situation.suspended[at(family)]) continue;
    const bool innermost = family == Family::Program || !situation.suspended[at(Family::Program)];
    const bool is_it =
        base != nullptr && innermost && base->effects.action == Action::Suspend && base->effects.controls == family;
    built = suspend(family, kRunBeforeCut, is_it ? std::optional<Time>(situation.offset) : std::nullopt);
    runs_already = runs_already || is_it;
  }
  if (built && base != nullptr && !runs_already) built = start_what_runs(situation);
  device_->rules = rules_;
  return built;
}

}  // namespace nandtlm::test
