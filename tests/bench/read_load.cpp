#include "tests/bench/read_load.h"

namespace nandtlm::bench {
namespace {

constexpr Time kFarAway = Time{1} << 60;
constexpr Time kProgramTime = 400 * kPsPerUs;

}  // namespace

ReadLoad::ReadLoad(sc_core::sc_module_name name, Package& package, Scheduler& scheduler, const StandingWork& standing,
                   std::uint64_t reads)
    : sc_core::sc_module(name),
      package_(package),
      scheduler_(scheduler),
      standing_(standing),
      read_(package.device().find_op("Read_SLC").value()),
      left_(reads) {
  SC_HAS_PROCESS(ReadLoad);
  SC_THREAD(run);
}

/// The standing work first: an erase that stays suspended, erases behind it, programs far ahead.
void ReadLoad::run() {
  submit("Block_Erase_SLC", 0, -1, 0);
  wait(1000, sc_core::SC_US);
  submit("Erase_Suspend_Reset", -1, -1, 0);
  wait(200, sc_core::SC_US);
  const auto blocks = static_cast<std::int32_t>(package_.device().topology.blocks_per_die);
  for (std::uint32_t i = 0; i < standing_.backlog; ++i) {
    submit("Block_Erase_SLC", static_cast<std::int32_t>(i) % blocks, -1, 0);
  }
  for (std::uint32_t i = 0; i < standing_.ahead; ++i) {
    submit("Page_Program_SLC", 4, static_cast<std::int32_t>(i), kFarAway + kProgramTime * static_cast<Time>(i));
  }
  wait(sc_core::SC_ZERO_TIME);
  read();
}

void ReadLoad::submit(const char* op, std::int32_t block, std::int32_t page, Time not_before) {
  Request request;
  request.op = package_.device().find_op(op).value();
  request.die = 0;
  request.not_before = not_before;
  if (block >= 0) request.targets.push_back(Target{-1, block, page});
  scheduler_.submit(request, *this);
}

void ReadLoad::read() {
  Request request;
  request.op = read_;
  request.die = 0;
  request.targets.push_back(Target{-1, 1, 0});
  scheduler_.submit(request, *this);
}

void ReadLoad::op_finished(const OpResult& result) {
  if (result.op != read_) return;
  ++finished_;
  if (--left_ > 0) read();
}

void ReadLoad::batch_decided(const BatchDecision& decision) {
  if (!decision.accepted) ++refused_;
}

}  // namespace nandtlm::bench
