// What a scenario expects.
#pragma once

#include "testbench/scenario/read_values.h"

namespace nandtlm {

/// `expect:` of one request.
OpExpect read_op_expect(const YamlNode& node, const std::string& path, ScenarioContext& context);
/// `expect:` of a batch as a whole: its refusal.
std::optional<Expected<Reason>> read_batch_expect(const YamlNode& node, const std::string& path,
                                                  ScenarioContext& context);
/// `expect:` standing alone.
CheckExpect read_check_expect(const YamlNode& node, const std::string& path, ScenarioContext& context);

}  // namespace nandtlm
