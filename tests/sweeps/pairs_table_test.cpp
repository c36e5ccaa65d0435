// Every base on every situation of a die: what runs (nothing, or every base in the first and the last instant of each
// of its states, on one plane and multi-plane) x what is suspended (nothing, PROGRAM, ERASE, both) x what has left a
// state behind (nothing, a latch, a cache state, ODT disabled) x what is asked (every base, on the same plane, on
// another, on several, without an address, on what is suspended): allowed or refused with the reason that comes first
// in RES-01. With the tables of the shipped devices, and with random ones: tables are data (RES-07).
// While a situation is built the rules are off, so that what the tables forbid is looked at too; address rules are off
// in one variant, and on in another with blocks in which every base finds what it needs.
// Not here: bus and planes of other dies, reservations for later (tests/unit/resource_manager_*), address reasons.
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <random>

#include "tests/support/effort.h"
#include "tests/sweeps/table_judge.h"

namespace nandtlm::test {
namespace {

struct TableCase {
  const char* device;
  const char* address_rules;
  int random_tables;  ///< 0: those of the device
};

std::ostream& operator<<(std::ostream& out, const TableCase& one) {
  return out << one.device << ", address rules " << one.address_rules << ", random tables " << one.random_tables;
}

class PairsTable : public ::testing::TestWithParam<TableCase> {
 protected:
  std::shared_ptr<Device> fresh_device() const {
    const TableCase& table = GetParam();
    const auto shipped = shipped_device(table.device, {{"topology.channels", "1"},
                                                       {"topology.dies", "1"},
                                                       {"topology.blocks_per_die", "64"},
                                                       {"constraints.enable_epr", table.address_rules}});
    return std::make_shared<Device>(*shipped);
  }

  /// Every op of which one stands for all: one per base, on one plane and multi-plane.
  static std::vector<OpId> ops(const Device& device) {
    std::vector<OpId> all;
    for (const OpBase& base : device.bases) {
      for (const bool multi : {false, true}) {
        if (const auto op = DieScene::op_of(device, base.name, multi)) all.push_back(*op);
      }
    }
    return all;
  }

  static std::vector<Time> instants(const OpSpec& spec) {
    std::vector<Time> all;
    Time begin = 0;
    for (const Step& step : spec.steps) {
      all.push_back(begin);
      if (step.duration > 1) all.push_back(begin + step.duration - 1);
      begin += step.duration;
    }
    return all;
  }

  void try_device(const std::shared_ptr<Device>& device) {
    for (int suspended = 0; suspended < 4; ++suspended) {
      for (int before = 0; before < kBefores; ++before) {
        if (HasFailure()) return;
        Situation situation;
        situation.suspended = {(suspended & 1) != 0, (suspended & 2) != 0};
        situation.before = static_cast<Before>(before);
        try_situation(device, situation);
        for (const OpId op : ops(*device)) {
          situation.runs = op;
          for (const Time offset : instants(device->op(op))) {
            situation.offset = offset;
            try_situation(device, situation);
          }
        }
      }
    }
  }

  void try_situation(const std::shared_ptr<Device>& device, const Situation& situation) {
    DieScene scene(device);
    if (!scene.build(situation)) {
      EXPECT_TRUE(cannot_be(*device, situation)) << situation.text(*device);
      ++impossible_;
      return;
    }
    ++situations_;
    for (const OpId op : ops(*device)) {
      for (const TargetList& targets : targets_for(*device, op)) ask(scene, situation, op, targets);
    }
  }

  /// No table says so: two ops of one family, a RESUME of nothing (SUS-06, SUS-08, SUS-11), a SUSPEND with nothing to
  /// suspend is over after its ISSUE (SUS-02), and small devices lack some bases.
  static bool cannot_be(const Device& device, const Situation& situation) {
    if (situation.before == Before::OdtDisable && !DieScene::op_of(device, "ODTDISABLE")) return true;
    if (!situation.runs) return false;
    const OpBase& base = device.base_of(*situation.runs);
    const bool program = situation.suspended[0];
    const bool erase = situation.suspended[1];
    const Effects& effects = base.effects;
    const bool own = (base.family == Family::Program && program) || (base.family == Family::Erase && erase);
    const bool nested = program && effects.controls == Family::Erase;
    const bool nothing =
        effects.action == Action::Resume && !situation.suspended[static_cast<std::size_t>(effects.controls)];
    const bool over = effects.action == Action::Suspend &&
                      !situation.suspended[static_cast<std::size_t>(effects.controls)] &&
                      situation.offset >= device.op(*situation.runs).issue_time();
    return own || nested || nothing || over;
  }

  /// Where the op finds what it needs (EPR-02), on plane 0, on plane 1; without an address where that is legal; and
  /// what is suspended.
  static std::vector<TargetList> targets_for(const Device& device, OpId op) {
    const OpSpec& spec = device.op(op);
    const OpBase& base = device.base(spec.base);
    std::int32_t page = 0;
    const Row row = row_for(device, spec, page);
    std::vector<TargetList> all;
    if (!base.effects.needs_target && base.scope != Scope::PlaneSet) all.emplace_back();
    if (base.effects.is_suspend_or_resume() || base.effects.is_reset()) return all;
    if (spec.multi) return {DieScene::targets(device, row, 3, page)};
    all.push_back(DieScene::targets(device, row, 1, page));
    all.push_back(DieScene::targets(device, row, 2, page));
    if (device.rules.address) return all;
    all.push_back(DieScene::targets(device, Row::ErasePending, 1, 7));
    all.push_back(DieScene::targets(device, Row::ProgramPending, 1, 0));
    all.push_back(DieScene::targets(device, Row::ProgramPending, 1, 1));
    return all;
  }

  static Row row_for(const Device& device, const OpSpec& spec, std::int32_t& page) {
    const Effects& effects = device.base(spec.base).effects;
    const bool tlc = device.celltypes[index(spec.celltype)] == "TLC";
    page = 0;
    if (effects.action != Action::Program) return tlc ? Row::Tlc : Row::Slc;
    if (effects.whole_block) return Row::Erased;
    switch (effects.oneshot) {
      case Oneshot::No:
      case Oneshot::Lsb:
        page = 1;
        return tlc ? Row::Tlc : Row::Slc;
      case Oneshot::Csb:
        return Row::LsbLoaded;
      default:
        return Row::CsbLoaded;
    }
  }

  void ask(DieScene& scene, const Situation& situation, OpId op, const TargetList& targets) {
    const Device& device = scene.device();
    Request request;
    request.op = op;
    request.die = 0;
    request.targets = targets;
    Wanted wanted{&device.op(op), &device.base_of(op), targets};
    const Answer expected = judge_by_tables(device, scene.facts(), wanted);
    const Verdict verdict = scene.judge(request);
    ++answers_[name(expected.reason)];
    const bool same = expected.reason == verdict.refusal.reason &&
                      (!verdict.ok() || expected.nothing_to_suspend == verdict.nothing_to_suspend);
    if (same || ++wrong_ > 10) return;
    ADD_FAILURE() << situation.text(device) << ": " << device.op(op).name << " on block "
                  << (targets.empty() ? -1 : targets[0].block) << " is answered " << name(verdict.refusal.reason)
                  << " (" << verdict.refusal.rule << ") and not " << name(expected.reason);
  }

  void tell() const {
    std::size_t asked = 0;
    for (const auto& answer : answers_) asked += answer.second;
    std::cout << situations_ << " situations, " << impossible_ << " impossible, " << asked << " answers";
    for (const auto& answer : answers_) std::cout << ", " << answer.first << ' ' << answer.second;
    std::cout << '\n';
  }

  std::size_t situations_ = 0;
  std::size_t impossible_ = 0;
  std::size_t wrong_ = 0;
  std::map<std::string, std::size_t> answers_;
};

/// Each entry of each table forbids one base in four.
void shuffle_tables(Device& device, std::mt19937_64& random) {
  Exclusions& tables = device.exclusions;
  const auto shuffle = [&](BaseSet& set) {
    for (std::size_t i = 0; i < device.bases.size(); ++i) set.set(i, random() % 4 == 0);
  };
  for (auto& states : tables.by_op_state) {
    for (BaseSet& set : states) shuffle(set);
  }
  for (BaseSet& set : tables.by_latch) shuffle(set);
  for (auto& states : tables.by_suspend) {
    for (BaseSet& set : states) shuffle(set);
  }
  for (BaseSet& set : tables.by_cache) shuffle(set);
  shuffle(tables.by_odt_disabled);
}

// RES-01, RES-04, RES-05, RES-07, SUS-02, SUS-06, SUS-07, SUS-08, SUS-10, SUS-11
TEST_P(PairsTable, IsAnsweredAsTheTablesSay) {
  const int tables = kSanitized ? std::min(1, GetParam().random_tables) : GetParam().random_tables;
  std::mt19937_64 random(7);
  for (int i = 0; i < std::max(1, soaking() ? 10 * tables : tables); ++i) {
    const auto device = fresh_device();
    if (tables != 0) shuffle_tables(*device, random);
    try_device(device);
  }
  EXPECT_EQ(wrong_, 0U);
  EXPECT_GT(situations_, 100U);
  tell();
}

INSTANTIATE_TEST_SUITE_P(
    Devices, PairsTable,
    ::testing::Values(TableCase{"tlc_4plane.yaml", "false", 0}, TableCase{"tlc_4plane.yaml", "true", 0},
                      TableCase{"small_2plane.yaml", "false", 0}, TableCase{"small_2plane.yaml", "true", 0},
                      TableCase{"tlc_4plane.yaml", "false", 1}, TableCase{"tlc_4plane.yaml", "true", 4},
                      TableCase{"small_2plane.yaml", "true", 10}),
    [](const auto& table) {
      const std::string device = table.param.device;
      return device.substr(0, device.find('.')) +
             (table.param.address_rules == std::string("true") ? "_addresses" : "") +
             (table.param.random_tables != 0 ? "_random_tables" : "");
    });

}  // namespace
}  // namespace nandtlm::test
