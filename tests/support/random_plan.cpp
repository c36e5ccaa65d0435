#include "tests/support/random_plan.h"

#include <set>

namespace nandtlm::test {

WantedOp RandomOps::next(Time window) {
  static const std::vector<std::string> kReads = {"Read",     "Read",           "Plane_Read",    "Plane_Read", "Plane_Read",
                                                  "Dout",     "Dout",           "Cache_Read",    "Cache_Read_End",
                                                  "Status",   "Copyback_Read",  "Recovery_Read", "Get_Feature"};
  static const std::vector<std::string> kWrites = {"Program", "Plane_Program", "Cache_Program", "Program", "Load_LSB",
                                                   "Load_CSB", "Exec", "Erase", "Odt_Off", "Odt_On", "Odt_On"};
  static const std::vector<std::string> kControls = {"Program_Suspend", "Erase_Suspend", "Program_Resume",
                                                     "Program_Resume", "Erase_Resume", "Erase_Resume"};
  const Topology& topology = bench_.device().topology;
  const std::uint32_t die = dice_.below(topology.dies);
  const auto block = static_cast<std::int32_t>(dice_.below(topology.blocks_per_die));
  const auto page = static_cast<std::int32_t>(dice_.below(4));
  WantedOp wanted;
  if (dice_.below(100) < suspends_) {
    wanted.request = bench_.request(dice_.pick(kControls), -1, -1, die);
  } else if (dice_.one_in(12)) {
    const std::int32_t row = block - block % 2;
    wanted.request = bench_.on_planes(dice_.one_in(2) ? "Read_Multi" : "Program_Multi", {{-1, row, page}, {-1, row + 1, page}}, die);
  } else {
    wanted.request = bench_.request(dice_.pick(dice_.one_in(4) ? kWrites : kReads), block, page, die);
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
        for (const Step& step : timeline[i].op->spec->steps) instants.insert(piece.start + ((offset += step.duration) - piece.from));
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
