// coverage.json and coverage.csv.
#include <filesystem>
#include <nlohmann/json.hpp>

#include "testbench/generator/coverage.h"
#include "traces/buffered_file.h"

namespace nandtlm {
namespace {

void write_table(const std::vector<Coverage::Row>& rows, const std::filesystem::path& path) {
  BufferedFile file(path.string());
  file.append("kind,family,op_state,tenth,asked,count,legal");
  file.append('\n');
  file.end_row();
  for (const Coverage::Row& row : rows) {
    for (const std::string_view text :
         {std::string_view(row.kind), std::string_view(row.family), std::string_view(row.state)}) {
      file.append(text);
      file.append(',');
    }
    file.append_integer(row.tenth);
    file.append(',');
    file.append(row.asked);
    file.append(',');
    file.append_integer(row.count);
    file.append(row.legal ? ",1" : ",0");
    file.append('\n');
    file.end_row();
  }
  file.close();
}

nlohmann::ordered_json summary_of(const Coverage& coverage, const std::vector<Coverage::Row>& rows) {
  nlohmann::ordered_json root;
  root["legal"] = coverage.legal();
  root["reached"] = coverage.legal() - coverage.missing();
  root["missing"] = coverage.missing();
  root["never_reached"] = nlohmann::ordered_json::array();
  for (const Coverage::Row& row : rows) {
    if (!row.legal || row.count != 0) continue;
    nlohmann::ordered_json entry;
    entry["kind"] = row.kind;
    if (row.tenth >= 0) {
      entry["op_state"] = row.state;
      entry["tenth"] = row.tenth;
    }
    entry["asked"] = row.asked;
    root["never_reached"].push_back(std::move(entry));
  }
  for (const char* kind : {"nesting", "backlog", "resume_outcome"}) {
    nlohmann::ordered_json& counts = root[kind];
    counts = nlohmann::ordered_json::object();
    for (const Coverage::Row& row : rows) {
      if (std::string_view(row.kind) != kind) continue;
      const std::string family = row.family;
      counts[family.empty() ? row.asked : family + "." + row.asked] = row.count;
    }
  }
  return root;
}

}  // namespace

void write_coverage(const Coverage& coverage, const std::string& folder) {
  const std::vector<Coverage::Row> rows = coverage.rows();
  const std::filesystem::path path(folder);
  write_table(rows, path / "coverage.csv");
  BufferedFile file((path / "coverage.json").string());
  file.append(summary_of(coverage, rows).dump(2) + "\n");
  file.end_row();
  file.close();
}

}  // namespace nandtlm
