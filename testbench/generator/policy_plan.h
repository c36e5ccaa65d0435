// Everything a run under the suspend policy is made of, checked (GEN-03).
#pragma once

#include <memory>
#include <vector>

#include "config/device.h"
#include "config/diagnostics.h"
#include "config/generator_settings.h"

namespace nandtlm {

/// The ops that a controller of this kind uses: single-plane, one cell type.
struct PolicyOps {
  OpId erase{};
  OpId program{};
  OpId read{};
  OpId data_out{};
  OpId suspend[kFamilies]{};
  OpId resume[kFamilies]{};
};

struct PolicyPlan {
  std::shared_ptr<const Device> device;
  SuspendPolicySettings settings;
  PolicyOps ops;
  std::uint64_t seed = 1;
  /// [die] when reads arrive, where a trace says so; empty: they are drawn.
  std::vector<std::vector<Time>> arrivals;
};

/// The first ops of a device that fit together; an error for each kind that it has not.
PolicyOps choose_policy_ops(const Device& device, Diagnostics& out);

/// A CSV with the header `time,die`: times in us that do not go back, dies of the device. [die] arrivals.
std::vector<std::vector<Time>> read_arrivals(const std::string& text, std::uint32_t source, const Device& device,
                                             Diagnostics& out);

}  // namespace nandtlm
