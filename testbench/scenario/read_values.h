// Single values of a scenario: YAML scalars to expressions, moments, names and words.
#pragma once

#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "config/diagnostics.h"
#include "config/yaml_reader.h"
#include "testbench/scenario/scenario.h"

namespace nandtlm {

/// What the readers of a scenario share while it is being read.
struct ScenarioContext {
  struct Named {
    StepId id = kNoStep;
    Mark mark;
  };

  const Device& device;
  Diagnostics& out;
  std::vector<std::string> counters;  ///< of the loops around the current step, outermost first
  std::unordered_map<std::string, TargetSpec> targets;
  std::unordered_map<std::string, Named> steps;
  StepId next_id = 0;
  int hints = 0;  ///< given so far, see did_you_mean()
};

/// "a.b.3"
std::string item_path(const std::string& list, std::size_t i);
/// A letter or '_', then letters, digits and '_': what a step, a target or a counter may be called.
bool is_identifier(std::string_view text);

/// `; did you mean 'x'?`, or nothing where no candidate is close. Only the first few errors of a file get such a hint:
/// in one with thousands of errors and names, they would take minutes.
std::string did_you_mean(const std::string& text, const std::function<std::vector<std::string>()>& candidates,
                         ScenarioContext& context);

// Each reports what is wrong at `path` and returns std::nullopt.
std::optional<Expression> read_expression(const YamlNode& node, const std::string& path, ScenarioContext& context);
std::optional<Moment> read_moment(const YamlNode& node, const std::string& path, ScenarioContext& context);
std::optional<std::string> read_identifier(const YamlNode& node, const std::string& path, ScenarioContext& context);
std::optional<StepRef> read_step_ref(const YamlNode& node, const std::string& path, ScenarioContext& context);
std::optional<Reason> read_reason(const YamlNode& node, const std::string& path, ScenarioContext& context);
std::optional<DataSpec> read_data(const YamlNode& node, const std::string& path, ScenarioContext& context);

}  // namespace nandtlm
