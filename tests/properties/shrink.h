// Makes a long sequence in which model and reference differ as short as that allows.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/properties/model_run.h"
#include "tests/properties/sequence.h"

namespace nandtlm::test {

/// What is wrong with the model on this sequence, with its run; empty: nothing.
std::string judge_model(Sequence& sequence, ModelRun& run);

/// Leaves out batches as long as the model is still wrong, for some seconds at most. Where it is right on exactly these
/// proposals all are kept.
Sequence shrink(const std::shared_ptr<const Device>& device, std::vector<reference::Proposal> proposals);

}  // namespace nandtlm::test
