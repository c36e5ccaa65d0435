#include "traces/count_csvs.h"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <tuple>

namespace nandtlm {
namespace {

std::uint64_t pack(PhaseKey key) {
  return std::uint64_t{key.base} << 8 | key.state;
}
PhaseKey unpack_phase(std::uint64_t bits) {
  return PhaseKey{static_cast<std::uint16_t>(bits >> 8 & 0xFFFF), static_cast<std::uint8_t>(bits & 0xFF)};
}

/// Addresses may be -1.
std::uint64_t pack(std::int32_t address) {
  return static_cast<std::uint32_t>(address);
}
std::int32_t unpack_address(std::uint64_t bits) {
  return static_cast<std::int32_t>(static_cast<std::uint32_t>(bits));
}

OpId unpack_op(std::uint64_t bits) {
  return OpId(static_cast<std::uint16_t>(bits));
}

/// The unpacked rows of a table, sorted by their columns.
template <typename Row, typename Unpack>
std::vector<Row> sorted_rows(const CountTable& table, Unpack&& unpack) {
  std::vector<Row> rows;
  for (const auto& [key, count] : table.counts()) rows.push_back(unpack(key, count));
  std::sort(rows.begin(), rows.end());
  return rows;
}

}  // namespace

std::int64_t input_time_bucket_us(Time time) {
  std::int64_t us = time / kPsPerUs;
  std::int64_t scale = 1;
  for (; us >= 100; us /= 10) scale *= 10;
  return us * scale;
}

// address_touch_count.csv. Key: base, celltype, die | block, page.

TouchCountCsv::TouchCountCsv(const CsvContext& context)
    : CsvSink(context, "address_touch_count.csv", "op_base,cell_type,die,block,page,count") {}

void TouchCountCsv::op_ended(const OpInfo& op, Time /*at*/) {
  const OpSpec& spec = names().device().op(op.op);
  const std::uint64_t who = std::uint64_t{index(spec.base)} << 40 | std::uint64_t{index(spec.celltype)} << 32 | op.die;
  for (const Target& target : op.targets) {
    if (target.block >= 0) counts_.add({who, pack(target.block) << 32 | pack(target.page)});
  }
}

void TouchCountCsv::write_rest(Time /*at*/) {
  using Row = std::tuple<std::string_view, std::string_view, std::uint32_t, std::int32_t, std::int32_t, std::uint64_t>;
  const auto rows = sorted_rows<Row>(counts_, [this](const CountKey& key, std::uint64_t count) {
    return Row{names().base(BaseId(static_cast<std::uint16_t>(key.high >> 40))),
               names().celltype(CellId(static_cast<std::uint8_t>(key.high >> 32))),
               static_cast<std::uint32_t>(key.high),
               unpack_address(key.low >> 32),
               unpack_address(key.low),
               count};
  });
  for (const auto& [base, celltype, die, block, page, count] : rows) {
    row().text(base).text(celltype).integer(die).integer(block).integer(page).integer(count).end();
  }
}

// op_state_name_input_time_count.csv. Key: state, phase used, op | phase virtual, bucket.

InputTimeCountCsv::InputTimeCountCsv(const CsvContext& context)
    : CsvSink(context, "op_state_name_input_time_count.csv",
              "op_state,phase_key_used,phase_key_virtual,op_name,input_time,count") {
  const Topology& topology = context.names.device().topology;
  planes_.resize(std::size_t{topology.dies} * topology.planes);
}

void InputTimeCountCsv::op_started(const OpInfo& op, Time at) {
  const PlaneState& state = state_at_target(op);
  const auto bucket = static_cast<std::uint64_t>(input_time_bucket_us(at - state.since));
  counts_.add(
      {pack(state.key) << 40 | pack(op.phase_used) << 16 | index(op.op), pack(op.phase_virtual) << 40 | bucket});
}

void InputTimeCountCsv::state_entered(const OpInfo& op, State state, Time at) {
  if (!stands_on_planes(op)) return;
  const PhaseKey key{static_cast<std::uint16_t>(index(names().device().op(op.op).base)),
                     static_cast<std::uint8_t>(state)};
  for (std::uint32_t plane = 0; plane < names().device().topology.planes; ++plane) {
    if ((op.planes >> plane & 1U) != 0) plane_state(op.die, plane) = PlaneState{op.uid, key, at};
  }
}

void InputTimeCountCsv::op_ended(const OpInfo& op, Time at) {
  if (!stands_on_planes(op)) return;
  for (std::uint32_t plane = 0; plane < names().device().topology.planes; ++plane) {
    PlaneState& state = plane_state(op.die, plane);
    if (state.uid != op.uid) continue;
    state.key.state = PhaseKey::kEnd;
    state.since = at;
  }
}

InputTimeCountCsv::PlaneState& InputTimeCountCsv::plane_state(std::uint32_t die, std::uint32_t plane) {
  return planes_[std::size_t{die} * names().device().topology.planes + plane];
}

const InputTimeCountCsv::PlaneState& InputTimeCountCsv::state_at_target(const OpInfo& op) {
  const bool addressed = !op.targets.empty() && op.targets[0].plane >= 0;
  return plane_state(op.die, addressed ? static_cast<std::uint32_t>(op.targets[0].plane) : 0);
}

bool InputTimeCountCsv::stands_on_planes(const OpInfo& op) const {
  return op.planes != 0 && names().device().base_of(op.op).affect_state;
}

void InputTimeCountCsv::write_rest(Time /*at*/) {
  using Row =
      std::tuple<std::string_view, std::string_view, std::string_view, std::string_view, std::int64_t, std::uint64_t>;
  const auto rows = sorted_rows<Row>(counts_, [this](const CountKey& key, std::uint64_t count) {
    constexpr std::uint64_t kBucketMask = (std::uint64_t{1} << 40) - 1;
    return Row{names().phase(unpack_phase(key.high >> 40)),      names().phase(unpack_phase(key.high >> 16)),
               names().phase(unpack_phase(key.low >> 40)),       names().op(unpack_op(key.high)),
               static_cast<std::int64_t>(key.low & kBucketMask), count};
  });
  for (const auto& [state, used, virtual_key, op, bucket, count] : rows) {
    row().text(state).text(used).text(virtual_key).text(op).integer(bucket).integer(count).end();
  }
}

// phase_proposal_counts.csv. Key: phase used, phase virtual, op | die, plane.

ProposalCountCsv::ProposalCountCsv(const CsvContext& context)
    : CsvSink(context, "phase_proposal_counts.csv",
              "phase_key_used,phase_key_virtual,die,plane,propose_time,op_name,count") {}

void ProposalCountCsv::op_accepted(const OpInfo& op, Time at, Time /*start*/) {
  if (at >= slice_ + kSlice) {
    write_slice();
    slice_ = at / kSlice * kSlice;
  }
  const std::int32_t plane = op.targets.empty() ? -1 : op.targets[0].plane;
  counts_.add({pack(op.phase_used) << 40 | pack(op.phase_virtual) << 16 | index(op.op),
               std::uint64_t{op.die} << 32 | pack(plane)});
}

void ProposalCountCsv::write_rest(Time /*at*/) {
  write_slice();
}

void ProposalCountCsv::write_slice() {
  using Row =
      std::tuple<std::string_view, std::string_view, std::uint32_t, std::int32_t, std::string_view, std::uint64_t>;
  const auto rows = sorted_rows<Row>(counts_, [this](const CountKey& key, std::uint64_t count) {
    return Row{names().phase(unpack_phase(key.high >> 40)),
               names().phase(unpack_phase(key.high >> 16)),
               static_cast<std::uint32_t>(key.low >> 32),
               unpack_address(key.low),
               names().op(unpack_op(key.high)),
               count};
  });
  for (const auto& [used, virtual_key, die, plane, op, count] : rows) {
    row().text(used).text(virtual_key).integer(die).integer(plane).us(slice_).text(op).integer(count).end();
  }
  counts_.clear();
}

}  // namespace nandtlm
