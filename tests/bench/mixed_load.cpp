#include "tests/bench/mixed_load.h"

namespace nandtlm::bench {
namespace {

constexpr Time us(Time microseconds) {
  return microseconds * kPsPerUs;
}
constexpr std::uint32_t kPagesPerBlock = 32;  // of each block, so that erases are part of the mix

}  // namespace

MixedLoad::MixedLoad(sc_core::sc_module_name name, Package& package, Scheduler& scheduler, std::uint64_t ops)
    : sc_core::sc_module(name),
      package_(package),
      scheduler_(scheduler),
      ops_{find("Block_Erase_SLC"), find("Page_Program_SLC"),    find("Read_SLC"),    find("Program_Suspend_Reset"),
           find("Program_Resume"),  find("Erase_Suspend_Reset"), find("Erase_Resume")},
      dies_(package.device().topology.dies),
      to_submit_(ops),
      blocks_(package.device().topology.blocks_per_die),
      planes_(package.device().topology.planes),
      pages_(std::min(package.device().topology.pages_per_block, kPagesPerBlock)) {
  SC_HAS_PROCESS(MixedLoad);
  SC_METHOD(start);
}

OpId MixedLoad::find(const char* name) const {
  return package_.device().find_op(name).value();
}

void MixedLoad::start() {
  for (std::uint32_t die = 0; die < dies_.size(); ++die) next_group(die);
}

void MixedLoad::op_finished(const OpResult& result) {
  ++finished_;
  if (--dies_[result.die].open == 0) next_group(result.die);
}

void MixedLoad::batch_decided(const BatchDecision& decision) {
  if (!decision.accepted) ++refused_;
}

void MixedLoad::next_group(std::uint32_t die) {
  if (to_submit_ == 0) return;  // a group that has begun is finished: no op stays suspended
  DieLoad& load = dies_[die];
  if (!load.erased) {
    erase_group(die, load);
  } else {
    program_group(die, load);
  }
}

void MixedLoad::erase_group(std::uint32_t die, DieLoad& load) {
  const Time now = time_.now();
  const auto block = static_cast<std::int32_t>(load.block);
  submit(die, ops_.erase, block, -1, now);
  if (load.block >= planes_) {  // the block before it holds data
    submit(die, ops_.erase_suspend, -1, -1, now + us(3000));
    submit(die, ops_.read, block - static_cast<std::int32_t>(planes_), 0, now + us(3000));
    submit(die, ops_.erase_resume, -1, -1, now + us(3200));
  }
  load.erased = true;
  load.page = 0;
}

void MixedLoad::program_group(std::uint32_t die, DieLoad& load) {
  const Time now = time_.now();
  const auto block = static_cast<std::int32_t>(load.block);
  const auto page = static_cast<std::int32_t>(load.page);
  submit(die, ops_.program, block, page, now);
  if (page % 4 == 3) {
    submit(die, ops_.program_suspend, -1, -1, now + us(200));
    submit(die, ops_.read, block, page - 1, now + us(200));
    submit(die, ops_.program_resume, -1, -1, now + us(360));
  }
  submit(die, ops_.read, block, page, now + us(320));
  submit(die, ops_.read, block, page, now + us(320));
  if (++load.page < pages_) return;
  load.erased = false;
  load.block = (load.block + planes_) % blocks_;
}

void MixedLoad::submit(std::uint32_t die, OpId op, std::int32_t block, std::int32_t page, Time not_before) {
  if (to_submit_ > 0) --to_submit_;
  Request request;
  request.op = op;
  request.die = die;
  request.not_before = not_before;
  if (block >= 0) request.targets.push_back(Target{-1, block, page});
  ++dies_[die].open;
  scheduler_.submit(request, *this);
}

}  // namespace nandtlm::bench
