#include "tests/support/random_plan.h"

#include <set>

namespace nandtlm::test {

Mix busy_blocks() {
  Mix mix;
  mix.writes = {"Program", "Program",   "Program",  "Program",  "Plane_Program",
                "Erase",   "Erase_TLC", "Load_LSB", "Load_CSB", "Exec"};
  mix.reads = {"Read", "Read", "Read", "Plane_Read", "Read_TLC", "Recovery_Read"};
  mix.written = 55;
  mix.blocks = 3;
  mix.pages = 3;
  return mix;
}

WantedOp RandomOps::next(Time window) {
  const Topology& topology = bench_.device().topology;
  const std::uint32_t die = dice_.below(topology.dies);
  const auto block = static_cast<std::int32_t>(dice_.below(static_cast<std::uint32_t>(mix_.blocks)));
  const auto page = static_cast<std::int32_t>(dice_.below(static_cast<std::uint32_t>(mix_.pages)));
  const std::uint32_t share = dice_.below(100);
  const char* family = dice_.one_in(2) ? "Program" : "Erase";
  WantedOp wanted;
  if (share < mix_.suspended) {
    wanted.request = bench_.request(std::string(family) + "_Suspend", -1, -1, die);
  } else if (share < mix_.suspended + mix_.resumed) {
    wanted.request = bench_.request(std::string(family) + "_Resume", -1, -1, die);
  } else if (dice_.one_in(12)) {
    const std::int32_t row = block - block % 2;
    const char* name = dice_.one_in(2) ? "Read_Multi" : "Program_Multi";
    wanted.request = bench_.on_planes(name, {{-1, row, page}, {-1, row + 1, page}}, die);
  } else {
    const bool writes = share < mix_.suspended + mix_.resumed + mix_.written;
    wanted.request = bench_.request(dice_.pick(writes ? mix_.writes : mix_.reads), block, page, die);
  }
  const Time grain = dice_.one_in(4) ? 250'000 : kPsPerUs;
  const Time steps = window / grain;
  wanted.not_before = bench_.now() + static_cast<Time>(dice_.below(static_cast<std::uint32_t>(steps) + 1)) * grain;
  return wanted;
}

namespace {

void add_plan_instants(DieBench& bench, std::set<Time>& instants) {
  for (std::size_t d = 0; d < bench.dies(); ++d) {
    const DieTimeline& timeline = bench.die(d).timeline();
    for (std::size_t i = 0; i < timeline.size(); ++i) {
      instants.insert(timeline[i].start);
      instants.insert(timeline[i].end);
      for (const Piece& piece : timeline[i].op->pieces) {
        Time offset = 0;
        for (const Step& step : timeline[i].op->spec->steps)
          instants.insert(piece.start + ((offset += step.duration) - piece.from));
      }
    }
    for (const Family family : {Family::Program, Family::Erase}) {
      for (const Suspension& entry : bench.die(d).stack(family).entries()) {
        instants.insert(entry.at);
        if (entry.until != kNever) instants.insert(entry.until);
      }
    }
  }
  for (std::size_t c = 0; c < bench.device().topology.channels; ++c) {
    for (const BusTimeline::Segment& segment : bench.bus(c).segments()) {
      instants.insert(segment.start);
      instants.insert(segment.end);
    }
  }
}

}  // namespace

Time brute_force_start(DieBench& bench, const Request& request, Time not_before) {
  std::set<Time> instants = {not_before};
  add_plan_instants(bench, instants);
  std::set<Time> offsets = {0};
  Time length = 0;
  for (const Step& step : bench.device().op(request.op).steps) offsets.insert(length += step.duration);
  std::set<Time> starts;
  for (const Time instant : instants) {
    for (const Time offset : offsets) {
      for (const Time near : {instant - offset - 1, instant - offset, instant - offset + 1}) {
        if (near >= not_before) starts.insert(near);
      }
    }
  }
  for (const Time start : starts) {
    if (bench.judge(request, start).ok()) return start;
  }
  return kNever;
}

}  // namespace nandtlm::test
