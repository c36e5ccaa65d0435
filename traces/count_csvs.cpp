#include "traces/count_csvs.h"

#include <cstddef>

namespace nandtlm {
namespace {

/// Addresses may be -1.
std::uint64_t pack(std::int32_t address) {
  return static_cast<std::uint32_t>(address) + 1U;
}
std::int64_t unpack(std::uint64_t bits) {
  return static_cast<std::int64_t>(bits & 0xFFFFFFFF) - 1;
}

}  // namespace

std::int64_t input_time_bucket_us(Time time) {
  std::int64_t us = time / kPsPerUs;
  std::int64_t scale = 1;
  for (; us >= 100; us /= 10) scale *= 10;
  return us * scale;
}

// address_touch_count.csv. Key: base, celltype, die | block.

TouchCountCsv::TouchCountCsv(const CsvContext& context)
    : CsvSink(context, "address_touch_count.csv", "op_base,cell_type,die,block,page,count"),
      bases_(context.names.bases()),
      celltypes_(context.names.celltypes()) {
  for (const OpSpec& op : context.names.device().ops) {
    who_.push_back(bases_.rank(index(op.base)) << 48 | celltypes_.rank(index(op.celltype)) << 32);
  }
}

template <typename Visit>
void TouchCountCsv::for_each_page(const OpInfo& op, Visit&& visit) const {
  for (const Target& target : op.targets) {
    if (target.block >= 0) visit(CountKey{who_[index(op.op)] | op.die, pack(target.block) << 32}, target.page);
  }
}

void TouchCountCsv::op_started(const OpInfo& op, Time /*at*/) {
  for_each_page(op, [this](const CountKey& key, std::int32_t page) { counts_.expect(key, page); });
}

void TouchCountCsv::op_ended(const OpInfo& op, Time /*at*/) {
  for_each_page(op, [this](const CountKey& key, std::int32_t page) { counts_.add(key, page); });
}

void TouchCountCsv::write_rest(Time /*at*/) {
  counts_.for_each_sorted([this](const CountKey& key, std::int32_t page, std::uint64_t count) {
    CsvRow csv = row();
    csv.ready(bases_.field(key.high >> 48)).ready(celltypes_.field(key.high >> 32));
    csv.integer(static_cast<std::uint32_t>(key.high)).integer(unpack(key.low >> 32)).integer(page).integer(count).end();
  });
}

// op_state_name_input_time_count.csv. Key: state, phase used, phase virtual, op | bucket.

InputTimeCountCsv::InputTimeCountCsv(const CsvContext& context)
    : CsvSink(context, "op_state_name_input_time_count.csv",
              "op_state,phase_key_used,phase_key_virtual,op_name,input_time,count"),
      planes_per_die_(context.names.device().topology.planes),
      planes_(std::size_t{context.names.device().topology.dies} * planes_per_die_),
      phases_(context.names.phases()),
      ops_(context.names.ops()) {
  for (const OpSpec& op : context.names.device().ops)
    shown_.push_back(context.names.device().base(op.base).affect_state);
}

void InputTimeCountCsv::op_started(const OpInfo& op, Time at) {
  const PlaneState& state = state_at_target(op);
  const auto phase_rank = [this](PhaseKey key) { return phases_.rank(CsvNames::phase_index(key)); };
  counts_.add({phase_rank(state.key) << 48 | phase_rank(op.phase_used) << 32 | phase_rank(op.phase_virtual) << 16 |
                   ops_.rank(index(op.op)),
               static_cast<std::uint64_t>(input_time_bucket_us(at - state.since))});
}

void InputTimeCountCsv::state_entered(const OpInfo& op, State state, Time at) {
  if (!stands_on_planes(op)) return;
  const PhaseKey key{static_cast<std::uint16_t>(index(names().device().op(op.op).base)),
                     static_cast<std::uint8_t>(state)};
  const PlaneState entered{op.uid, key, at};
  PlaneState* const planes = &plane_state(op.die, 0);
  for (std::uint32_t plane = 0; op.planes >> plane != 0; ++plane) {
    if ((op.planes >> plane & 1U) != 0) planes[plane] = entered;
  }
}

void InputTimeCountCsv::op_ended(const OpInfo& op, Time at) {
  if (!stands_on_planes(op)) return;
  PlaneState* const planes = &plane_state(op.die, 0);
  for (std::uint32_t plane = 0; op.planes >> plane != 0; ++plane) {
    if (planes[plane].uid != op.uid) continue;
    planes[plane].key.state = PhaseKey::kEnd;
    planes[plane].since = at;
  }
}

InputTimeCountCsv::PlaneState& InputTimeCountCsv::plane_state(std::uint32_t die, std::uint32_t plane) {
  return planes_[std::size_t{die} * planes_per_die_ + plane];
}

const InputTimeCountCsv::PlaneState& InputTimeCountCsv::state_at_target(const OpInfo& op) {
  const bool addressed = !op.targets.empty() && op.targets[0].plane >= 0;
  return plane_state(op.die, addressed ? static_cast<std::uint32_t>(op.targets[0].plane) : 0);
}

void InputTimeCountCsv::write_rest(Time /*at*/) {
  counts_.for_each_sorted([this](const CountKey& key, std::uint64_t count) {
    CsvRow csv = row();
    csv.ready(phases_.field(key.high >> 48)).ready(phases_.field(key.high >> 32)).ready(phases_.field(key.high >> 16));
    csv.ready(ops_.field(key.high)).integer(key.low).integer(count).end();
  });
}

// phase_proposal_counts.csv. Key: phase used, phase virtual, die | plane, op.

ProposalCountCsv::ProposalCountCsv(const CsvContext& context)
    : CsvSink(context, "phase_proposal_counts.csv",
              "phase_key_used,phase_key_virtual,die,plane,propose_time,op_name,count"),
      phases_(context.names.phases()),
      ops_(context.names.ops()) {}

void ProposalCountCsv::op_accepted(const OpInfo& op, Time at, Time /*start*/) {
  if (at >= slice_ + kSlice) {
    write_slice();
    slice_ = at / kSlice * kSlice;
  }
  const std::int32_t plane = op.targets.empty() ? -1 : op.targets[0].plane;
  counts_.add({phases_.rank(CsvNames::phase_index(op.phase_used)) << 48 |
                   phases_.rank(CsvNames::phase_index(op.phase_virtual)) << 32 | op.die,
               pack(plane) << 16 | ops_.rank(index(op.op))});
}

void ProposalCountCsv::write_rest(Time /*at*/) {
  write_slice();
}

void ProposalCountCsv::write_slice() {
  counts_.for_each_sorted([this](const CountKey& key, std::uint64_t count) {
    CsvRow csv = row();
    csv.ready(phases_.field(key.high >> 48)).ready(phases_.field(key.high >> 32));
    csv.integer(static_cast<std::uint32_t>(key.high)).integer(unpack(key.low >> 16)).us(slice_);
    csv.ready(ops_.field(key.low)).integer(count).end();
  });
  counts_.clear();
}

}  // namespace nandtlm
