// Binds a scheduler to its package with a protocol checker on every channel.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "model/package.h"
#include "model/scheduler/scheduler.h"
#include "tlm/protocol_checker.h"

namespace nandtlm::test {

/// In the place of Scheduler::bind_all(); lives as long as the two. `prefix` keeps the module names apart.
class CheckedBinding {
 public:
  CheckedBinding(Scheduler& scheduler, Package& package, const std::string& prefix = "");

  /// Whatever broke a rule of the base protocol so far, on any channel.
  std::vector<std::string> violations() const;
  /// Transactions that are still open.
  std::vector<std::string> in_flight() const;

 private:
  std::vector<std::unique_ptr<ProtocolChecker>> checkers_;
};

}  // namespace nandtlm::test
