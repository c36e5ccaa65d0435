// nandtlm_bench: what an operation costs, as a ratio to a bare kernel exchange of the same run.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>
#include <systemc>

#include "tests/bench/bench_case.h"
#include "tests/bench/generated_run.h"

namespace nandtlm::bench {
namespace {

struct Row {
  std::string name;
  Figures figures;
};

struct Plan {
  std::string name;
  std::function<Figures()> work;
};

Plan model_plan(const std::string& name, const ModelCase& model_case) {
  return Plan{name, [model_case] { return run_model(model_case); }};
}

const std::vector<std::pair<std::string, Tracing>> kTracings = {
    {"off", Tracing::Off}, {"csv", Tracing::Csv}, {"csv+vcd", Tracing::CsvAndVcd}};

/// Runs of the generator. Their cost for an op must not grow with their length.
void add_generated(std::vector<Plan>& list) {
  for (const std::uint32_t dies : {1U, 4U}) {
    for (const auto& [tracing_name, tracing] : kTracings) {
      if (tracing == Tracing::CsvAndVcd) continue;
      for (const std::uint64_t length : {std::uint64_t{100'000}, std::uint64_t{1'000'000}}) {
        const GeneratedCase generated_case{dies, length, tracing};
        list.push_back(
            Plan{"generated,dies=" + std::to_string(dies) + ",ops=" + std::to_string(length) + ",trace=" + tracing_name,
                 [generated_case] { return run_generated(generated_case); }});
      }
    }
  }
}

std::vector<Plan> plans(std::uint64_t ops) {
  std::vector<Plan> list;
  list.push_back(Plan{"bare", [ops] { return run_bare(ops * 4); }});
  for (const std::uint32_t dies : {1U, 8U, 32U, 128U}) {
    for (const auto& [tracing_name, tracing] : kTracings) {
      ModelCase model_case;
      model_case.dies = dies;
      model_case.ops = ops;
      model_case.tracing = tracing;
      list.push_back(model_plan("dies=" + std::to_string(dies) + ",trace=" + tracing_name, model_case));
    }
  }
  for (const std::uint64_t length : {std::uint64_t{100'000}, std::uint64_t{1'000'000}, std::uint64_t{10'000'000}}) {
    ModelCase model_case;
    model_case.ops = length;
    list.push_back(model_plan("dies=32,trace=off,ops=" + std::to_string(length), model_case));
  }
  for (const auto& [name, standing] : std::vector<std::pair<std::string, StandingWork>>{
           {"reads,standing=none", {0, 0}}, {"reads,ahead=1000", {1000, 0}}, {"reads,backlog=10000", {0, 10'000}}}) {
    const StandingCase standing_case{ops, standing};
    list.push_back(Plan{name, [standing_case] { return run_standing(standing_case); }});
  }
  add_generated(list);
  return list;
}

/// The bare exchange, which all are measured by, and the cases whose names match.
std::vector<Plan> chosen(std::vector<Plan> list, const std::string& pattern) {
  const std::regex wanted(pattern);
  const auto unwanted = [&](const Plan& plan) { return !std::regex_search(plan.name, wanted); };
  list.erase(std::remove_if(list.begin() + 1, list.end(), unwanted), list.end());
  return list;
}

std::vector<Row> measure(const std::vector<Plan>& list, int rounds) {
  std::vector<Row> rows;
  for (const Plan& plan : list) {
    Figures best;
    for (int round = 0; round < rounds; ++round) {
      const Figures figures = in_own_process(plan.work);
      const bool better = round == 0 || figures.ops_per_s() > best.ops_per_s();
      if (better) best = figures;
    }
    rows.push_back(Row{plan.name, best});
    const double bare = rows.front().figures.ops_per_s();
    std::printf("%-40s %12.0f ops/s %8.3f of bare %8.1f MiB%s\n", plan.name.c_str(), best.ops_per_s(),
                bare > 0 ? best.ops_per_s() / bare : 0, best.peak_memory_mib, best.ok ? "" : "  FAILED");
    std::fflush(stdout);
  }
  return rows;
}

bool write_json(const std::string& path, const std::vector<Row>& rows) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const Row& row : rows) list.push_back({{"name", row.name}, {"ops_per_s", row.figures.ops_per_s()}});
  std::ofstream file(path);
  file << list.dump(2) << '\n';
  return static_cast<bool>(file.flush());
}

}  // namespace
}  // namespace nandtlm::bench

int sc_main(int argc, char* argv[]) {
  using namespace nandtlm::bench;
  CLI::App app{"Measures operations per second, beside a bare kernel exchange; the machine should be idle"};
  std::string json;
  std::string only;
  std::uint64_t ops = 1'000'000;
  int rounds = 3;
  app.add_option("--json", json, "write a list of {name, ops_per_s} to this file");
  app.add_option("--only", only, "only cases that match this regular expression, e.g. dies=32,trace=csv$");
  app.add_option("--ops", ops, "operations per case")->check(CLI::Range(1000, 100'000'000));
  app.add_option("--rounds", rounds, "runs per case; the fastest counts")->check(CLI::Range(1, 100));
  CLI11_PARSE(app, argc, argv);

  const std::vector<Row> rows = measure(chosen(plans(ops), only), rounds);
  if (!json.empty() && !write_json(json, rows)) {
    std::fprintf(stderr, "%s: cannot be written\n", json.c_str());
    return 1;
  }
  return std::all_of(rows.begin(), rows.end(), [](const Row& row) { return row.figures.ok; }) ? 0 : 1;
}
