// Puts a protocol checker on every binding: scheduler to channel, channel to die, die to plane.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "model/package.h"
#include "model/scheduler/scheduler.h"
#include "tlm/protocol_checker.h"
#include "tlm/socket_binder.h"

namespace nandtlm::test {

/// Outlives the package and the scheduler. `prefix` keeps the module names of several apart.
class CheckedBinding {
 public:
  explicit CheckedBinding(std::string prefix = "") : prefix_(std::move(prefix)) {}

  /// For the package's constructor: a checker on every binding inside of it.
  SocketBinder inside();
  /// In the place of Scheduler::bind_all().
  void bind(Scheduler& scheduler, Package& package);

  /// Whatever broke a rule of the base protocol so far, on any binding.
  std::vector<std::string> violations() const;
  /// Transactions that are still open.
  std::vector<std::string> in_flight() const;
  /// Transactions that the checkers have seen.
  std::uint64_t transactions() const;

 private:
  void bind_checked(tlm::tlm_initiator_socket<>& from, tlm::tlm_target_socket<>& to);

  std::string prefix_;
  std::vector<std::unique_ptr<ProtocolChecker>> checkers_;
};

}  // namespace nandtlm::test
