#include "testbench/generator/policy_plan.h"

#include <fmt/format.h>

#include <functional>
#include <optional>
#include <string_view>

#include "config/scalars.h"
#include "config/storage_modes.h"

namespace nandtlm {
namespace {

using Fits = std::function<bool(const OpSpec&, const OpBase&)>;

std::optional<OpId> find_op(const Device& device, const Fits& fits) {
  for (std::size_t i = 0; i < device.ops.size(); ++i) {
    const OpSpec& op = device.ops[i];
    if (!op.multi && fits(op, device.base(op.base))) return OpId(i);
  }
  return std::nullopt;
}

}  // namespace

PolicyOps choose_policy_ops(const Device& device, Diagnostics& out) {
  PolicyOps ops;
  const StorageModes modes(device);
  const auto require = [&](const char* what, const Fits& fits) {
    const std::optional<OpId> op = find_op(device, fits);
    if (!op) out.error(Mark(), "workload", fmt::format("the device has no {}, expected one for this workload", what));
    return op.value_or(OpId{});
  };
  ops.program = require("single-plane program of one step", [](const OpSpec&, const OpBase& base) {
    const Effects& effects = base.effects;
    return effects.action == Action::Program && effects.oneshot == Oneshot::No && effects.cache_begin == 0 &&
           !effects.copyback && !effects.whole_block;
  });
  if (device.ops.empty()) return ops;
  const std::uint8_t mode = modes.of(device.op(ops.program).celltype);
  ops.erase = require("single-plane erase of its cell type", [&](const OpSpec& op, const OpBase& base) {
    return base.effects.action == Action::Erase && modes.of(op.celltype) == mode;
  });
  ops.read = require("single-plane read of its cell type", [&](const OpSpec& op, const OpBase& base) {
    const Effects& effects = base.effects;
    return effects.action == Action::Read && effects.cache_begin == 0 && !effects.reads_suspended &&
           modes.of(op.celltype) == mode;
  });
  ops.data_out =
      require("data output", [](const OpSpec&, const OpBase& base) { return base.effects.action == Action::DataOut; });
  for (const Family family : {Family::Program, Family::Erase}) {
    const auto f = static_cast<std::size_t>(family);
    ops.suspend[f] = require("SUSPEND of both families", [&](const OpSpec&, const OpBase& base) {
      return base.effects.action == Action::Suspend && base.effects.controls == family;
    });
    ops.resume[f] = require("RESUME of both families", [&](const OpSpec&, const OpBase& base) {
      return base.effects.action == Action::Resume && base.effects.controls == family;
    });
  }
  return ops;
}

std::vector<std::vector<Time>> read_arrivals(const std::string& text, std::uint32_t source, const Device& device,
                                             Diagnostics& out) {
  std::vector<std::vector<Time>> arrivals(device.topology.dies);
  std::string_view rest = text;
  Time before = 0;
  for (int line = 1; !rest.empty(); ++line) {
    const std::size_t end = rest.find('\n');
    std::string_view row = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    if (!row.empty() && row.back() == '\r') row.remove_suffix(1);
    if (row.empty()) continue;
    if (line == 1) {
      if (row != "time,die") out.error(Mark{1, 1, source}, "header", fmt::format("'{}', expected 'time,die'", row));
      continue;
    }
    const std::size_t comma = row.find(',');
    const std::string_view die_text = comma == std::string_view::npos ? std::string_view() : row.substr(comma + 1);
    const Parsed<Time> time = parse_duration(row.substr(0, comma));
    const Parsed<std::uint64_t> die = parse_count(die_text, Range{0, device.topology.dies - 1});
    if (!time.value) out.error(Mark{line, 1, source}, "time", time.problem);
    if (!die.value) out.error(Mark{line, static_cast<int>(comma) + 2, source}, "die", die.problem);
    if (!time.value || !die.value) continue;
    if (*time.value < before) {
      out.error(Mark{line, 1, source}, "time", "before the row above, expected times that do not go back");
    }
    before = *time.value;
    arrivals[*die.value].push_back(*time.value);
  }
  return arrivals;
}

}  // namespace nandtlm
