#include "tests/properties/sequence.h"

#include <algorithm>
#include <ostream>

#include "tests/properties/sequence_tables.h"
#include "tests/reference/address.h"
#include "tests/reference/machine.h"

namespace nandtlm::test {
namespace {

using reference::Machine;
using reference::Plan;
using reference::Proposal;

enum Twist : std::uint8_t {
  kUsual = 0,
  kAnything = 1,  ///< the op of the wish, legal or not
  kExact = 2,
  kNextPage = 3,
  kPageBefore = 4,
  kNoTarget = 5,
  kOutOfRange = 6,
};

/// The block that a request finds if everything planned, waiting or proposed in this batch has happened.
struct Outlook {
  reference::Block block;
  std::int32_t next_page() const { return block.last + 1; }
};

class Maker {
 public:
  Maker(const Device& device, std::vector<Proposal>& proposals)
      : device_(device), machine_(device), proposals_(proposals) {}

  void add(const Wish& wish) {
    const std::uint32_t die = wish.die % device_.topology.dies;
    const bool alone = base_of(op_of_kind(wish.kind)).effects.is_reset();
    if (!wish.joins || alone || batch_is_reset_ || batch_.size() == 6) open_batch(wish, die);
    batch_is_reset_ = alone;
    batch_.push_back(request(wish, die));
  }
  void propose() {
    if (batch_.empty()) return;
    proposals_.push_back({machine_.now(), batch_});
    machine_.propose(batch_);
    batch_.clear();
  }
  /// Proposes them in one batch after the other, and waits until all is done.
  void open(const std::vector<Opening>& steps) {
    for (const Opening& step : steps) {
      Wish wish;
      wish.kind = kind_of(step.op);
      wish.block = step.block;
      wish.joins = true;
      add(wish);
    }
    propose();
    Time done = machine_.now();
    for (const reference::Operation& op : plan().ops) done = std::max(done, op.pieces.empty() ? 0 : op.last_end());
    machine_.run_to(done);
  }
  Machine& machine() { return machine_; }

 private:
  const OpBase& base_of(const std::string& op) const { return device_.base_of(*device_.find_op(op)); }
  const Plan& plan() const { return machine_.plan(); }

  void open_batch(const Wish& wish, std::uint32_t die) {
    propose();
    if (wish.when == 0) return;
    machine_.run_to(std::max(machine_.now(), near_instant(die, wish.when, wish.jitter)));
  }

  Time near_instant(std::uint32_t die, std::uint8_t which, std::uint8_t jitter) const {
    const std::vector<Time> coming = machine_.coming_instants(die);
    Time instant = machine_.now() + which * kPsPerUs;
    if (!coming.empty()) instant = coming[(which - 1U) % coming.size()];
    if (jitter == 1) instant += 1;
    if (jitter == 2) instant -= 1;
    if (jitter == 3) instant += kPsPerUs / 2;
    return instant;
  }

  // What is not in the plan of the reference yet is done as if it came through: entries of the backlog, suspended ops,
  // earlier requests of this batch.
  Outlook outlook(std::uint32_t die, std::int32_t block) const {
    Plan all = plan();
    const Time late = kNever / 4;
    Time at = late;
    const auto finish = [&at](reference::Operation& op) {
      op.life = reference::Life::Reserved;
      op.pieces = {{at, 0, op.nominal}};
      at = op.pieces.back().end();
    };
    for (reference::Operation& op : all.ops) {
      if (op.end() == kNever && op.life != reference::Life::Aborted) finish(op);
    }
    for (const Request& request : batch_) {
      reference::Operation op;
      op.op = request.op;
      op.die = request.die;
      op.targets = request.targets;
      op.nominal = device_.op(op.op).nominal;
      finish(op);
      all.ops.push_back(op);
    }
    return {reference::block_at(all, die, block, kNever - 1)};
  }

  bool is_full(const Outlook& look) const {
    return look.next_page() >= static_cast<std::int32_t>(device_.topology.pages_per_block);
  }
  bool fits(const std::string& cell, const reference::Block& block) const {
    const bool tlc = block.erased && device_.celltypes[index(block.erased_as)] == "TLC";
    return tlc == (cell == "TLC");
  }

  /// An op that is suspended, now or by the plan, works on the block.
  bool is_held(std::uint32_t die, std::int32_t block) const {
    for (const reference::Suspension& entry : plan().suspensions) {
      if (entry.die != die || entry.until != kNever) continue;
      for (const Target& target : plan().find(entry.op).targets) {
        if (target.block == block) return true;
      }
    }
    return false;
  }

  /// A block whose one-shot program is loaded but not carried out; -1: there is none.
  std::int32_t loaded_block(std::uint32_t die) const {
    const auto blocks = static_cast<std::int32_t>(device_.topology.blocks_per_die);
    for (std::int32_t block = 0; block < blocks; ++block) {
      if (!outlook(die, block).block.oneshot.empty()) return block;
    }
    return -1;
  }

  /// A block that the op may address; -1: there is none.
  std::int32_t find_block(const std::string& op, const Wish& wish, std::uint32_t die) const {
    const auto blocks = static_cast<std::int32_t>(device_.topology.blocks_per_die);
    const Action action = base_of(op).effects.action;
    const std::string& cell = device_.celltypes[index(device_.op(*device_.find_op(op)).celltype)];
    for (std::int32_t i = 0; i < blocks; ++i) {
      const std::int32_t block = (wish.block + i) % blocks;
      const Outlook look = outlook(die, block);
      if (look.block.bad) continue;
      if (action == Action::Erase) return block;
      if (!fits(cell, look.block)) continue;
      if (is_held(die, block) && wish.kind % 4 != 0) continue;
      if (action == Action::Read && look.block.last >= 0) return block;
      const bool erased = look.block.erased || !device_.rules.program_before_erase;
      if (action == Action::Program && erased && !is_full(look)) return block;
    }
    return -1;
  }

  /// The op itself, or what must come before it: a read needs a program, a program an erase.
  std::string legal_op(std::string op, const Wish& wish, std::uint32_t die, std::int32_t& block) const {
    const std::int32_t loaded = loaded_block(die);
    op = steered_op(op, wish, die, loaded >= 0);
    const Effects* effects = &base_of(op).effects;
    if (effects->is_suspend_or_resume()) return op;
    const bool tlc = op.find("TLC") != std::string::npos || effects->oneshot != Oneshot::No;
    if (effects->action == Action::Read && (block = find_block(op, wish, die)) < 0) op = tlc ? "Exec" : "Program";
    if (base_of(op).effects.action == Action::Program && (block = find_block(op, wish, die)) < 0)
      op = tlc ? "Erase_TLC" : "Erase";
    effects = &base_of(op).effects;
    if (effects->action == Action::Erase) block = find_block(op, wish, die);
    if (effects->oneshot == Oneshot::No || block < 0) return op;
    if (loaded >= 0) block = loaded;
    const std::size_t steps = outlook(die, block).block.oneshot.size();
    if (steps == 0) return "Load_LSB";
    if (steps == 1) return "Load_CSB";
    if (effects->oneshot == Oneshot::Last) return op;
    return steps == 2 && effects->oneshot == Oneshot::Msb ? "Load_MSB" : "Exec";
  }

  /// What of the die runs now or is planned to, in the family; nullptr: nothing.
  const reference::Operation* coming(std::uint32_t die, Family family) const {
    for (const reference::Operation& op : plan().ops) {
      if (op.die == die && plan().base(op).family == family && op.last_end() != kNever &&
          op.last_end() > machine_.now())
        return &op;
    }
    return nullptr;
  }
  bool is_suspended(std::uint32_t die, Family family) const {
    bool suspended = plan().suspended(die, family, kNever - 1) != nullptr;
    for (const Request& request : batch_) {
      const Effects& effects = device_.base_of(request.op).effects;
      if (request.die == die && effects.controls == family) suspended = effects.action == Action::Suspend;
    }
    return suspended;
  }
  bool proposed(std::uint32_t die, Family family) const {
    return std::any_of(batch_.begin(), batch_.end(), [&](const Request& request) {
      return request.die == die && device_.base_of(request.op).family == family;
    });
  }

  bool runs(std::uint32_t die, Family family) const { return coming(die, family) != nullptr || proposed(die, family); }

  /// What drives suspensions on: the RESUME of what is suspended or the SUSPEND of what runs; empty: neither is there.
  std::string driving_op(const Wish& wish, std::uint32_t die) const {
    if (is_suspended(die, Family::Program)) return "Program_Resume";
    const bool nested = is_suspended(die, Family::Erase);
    if (runs(die, Family::Program)) return nested && wish.kind % 4 == 0 ? "Erase_Resume" : "Program_Suspend";
    if (nested) return wish.kind % 2 == 0 ? "Erase_Resume" : "Program";
    return runs(die, Family::Erase) ? "Erase_Suspend" : "";
  }

  /// Instead of the op: what drives suspensions on, or what goes on with a one-shot program that is loaded.
  std::string steered_op(const std::string& op, const Wish& wish, std::uint32_t die, bool loaded) const {
    std::string driving = wish.drives ? driving_op(wish, die) : "";
    if (!driving.empty()) return driving;
    if (loaded && wish.kind % 4 != 0) return "Exec";  // the latches are in the way of nearly everything else
    return base_of(op).effects.is_suspend_or_resume() ? suspend_or_resume(op, die) : op;
  }

  // A RESUME where something is suspended, else a SUSPEND where something will run, else what can be suspended.
  std::string suspend_or_resume(const std::string& op, std::uint32_t die) const {
    Family family = base_of(op).effects.controls;
    if (is_suspended(die, Family::Program)) family = Family::Program;
    const bool suspended = is_suspended(die, family);
    if (suspended && base_of(op).effects.action == Action::Suspend && family == Family::Erase) return "Program";
    if (!suspended && !runs(die, family)) family = family == Family::Program ? Family::Erase : Family::Program;
    if (is_suspended(die, family)) return "Erase_Resume";
    if (!suspended && !runs(die, family)) return family == Family::Program ? "Program" : "Erase";
    return std::string(family == Family::Program ? "Program" : "Erase") + (suspended ? "_Resume" : "_Suspend");
  }

  Time behind_issue_in(const Machine& machine, std::uint32_t die, Family family) const {
    for (const reference::Operation& op : machine.plan().ops) {
      const bool runs = op.life == reference::Life::Reserved || op.life == reference::Life::Running;
      if (op.die == die && runs && machine.plan().base(op).family == family && op.last_end() > machine.now())
        return op.start() + device_.op(op.op).issue_time();
    }
    return 0;
  }

  // A SUSPEND comes at the end of the target's ISSUE at the soonest.
  Time behind_issue(const Request& request) const {
    const Effects& effects = device_.base_of(request.op).effects;
    if (effects.action != Action::Suspend) return 0;
    if (batch_.empty()) return behind_issue_in(machine_, request.die, effects.controls);
    Machine trial = machine_;
    trial.propose(batch_);
    return behind_issue_in(trial, request.die, effects.controls);
  }

  TargetList targets(OpId op, const Wish& wish, std::uint32_t die, std::int32_t block) const {
    const Topology& topology = device_.topology;
    const Effects& effects = device_.base_of(op).effects;
    TargetList list;
    const bool needs = effects.needs_target || effects.action == Action::DataOut || effects.cache_end != 0;
    if (!needs || (wish.twist == kNoTarget && device_.base_of(op).scope == Scope::DieWide)) return list;
    if (block < 0) block = static_cast<std::int32_t>(wish.block % topology.blocks_per_die);
    const bool multi = device_.op(op).multi && topology.planes > 1;
    if (multi) block -= block % static_cast<std::int32_t>(topology.planes);
    const Outlook look = outlook(die, block);
    std::int32_t page =
        effects.action == Action::Program ? look.next_page() : std::max(0, look.block.last - wish.kind % 2);
    if (wish.twist == kNextPage) ++page;
    if (wish.twist == kPageBefore) --page;
    // What the option to program without an erase means for the pages before the first one, the rules leave open.
    if (effects.action == Action::Program && !look.block.erased) page = 0;
    page = std::clamp(page, 0, static_cast<std::int32_t>(topology.pages_per_block) - 1);
    for (std::int32_t i = 0; i < (multi ? 2 : 1); ++i)
      list.push_back(Target{-1, block + i, effects.action == Action::Erase ? -1 : page});
    if (wish.twist == kOutOfRange && wish.start % 2 == 0)
      list[0].page = static_cast<std::int32_t>(topology.pages_per_block);
    if (wish.twist == kOutOfRange && wish.start % 2 == 1)
      list[0].block = static_cast<std::int32_t>(topology.blocks_per_die);
    derive_planes(topology, list);
    return list;
  }

  Request request(const Wish& wish, std::uint32_t die) const {
    std::string op = op_of_kind(wish.kind);
    std::int32_t block = -1;
    if (wish.twist != kAnything) op = legal_op(op, wish, die, block);
    Request request;
    request.op = *device_.find_op(op);
    request.die = die;
    request.targets = targets(request.op, wish, die, block);
    if (wish.start != 0) request.not_before = std::max<Time>(0, near_instant(die, wish.start, wish.jitter));
    if (wish.twist == kUsual && wish.start == 0) request.not_before = behind_issue(request);
    if (request.not_before <= machine_.now()) request.not_before = 0;
    request.exact = wish.twist == kExact;
    if (request.exact && request.not_before == 0) request.not_before = machine_.now();
    return request;
  }

  const Device& device_;
  Machine machine_;
  std::vector<Proposal>& proposals_;
  std::vector<Request> batch_;
  bool batch_is_reset_ = false;
};

}  // namespace

std::ostream& operator<<(std::ostream& out, const Wish& wish) {
  return out << '{' << op_of_kind(wish.kind) << " die " << int{wish.die} << " block " << int{wish.block} << " twist "
             << int{wish.twist} << " when " << int{wish.when} << " jitter " << int{wish.jitter} << " start "
             << int{wish.start} << (wish.joins ? " joins" : "") << (wish.drives ? " drives" : "") << '}';
}

Sequence make_sequence(const std::shared_ptr<const Device>& device, std::uint8_t prelude,
                       const std::vector<Wish>& wishes) {
  Sequence sequence;
  sequence.device = device;
  Maker maker(*device, sequence.proposals);
  maker.open(openings(prelude));
  for (const Wish& wish : wishes) maker.add(wish);
  maker.propose();
  const Time limit = maker.machine().now() + 10'000 * kPsPerUs;
  sequence.horizon = maker.machine().finish(limit);
  sequence.story = maker.machine().story();
  return sequence;
}

}  // namespace nandtlm::test
