// What a run's own judges say of it.
#pragma once

#include <string>
#include <vector>

#include "model/package.h"
#include "tests/support/checked_binding.h"

namespace nandtlm::test {

/// Lines of the self-check that fail (MET-02), breaches of the base protocol.
inline std::vector<std::string> faults_of(const Package& package, const CheckedBinding& checkers) {
  std::vector<std::string> faults;
  for (const CheckLine& line : package.observers().self_check().report()) {
    if (!line.pass) faults.push_back("self-check " + line.name + ": " + line.detail);
  }
  for (const std::string& violation : checkers.violations()) faults.push_back("protocol: " + violation);
  return faults;
}

}  // namespace nandtlm::test
