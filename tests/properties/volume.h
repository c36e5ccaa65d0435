// What random sequences held in all, so that nobody believes in a test that tests nothing.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "tests/properties/sequence.h"

namespace nandtlm::test {

/// Of 1,000 sequences; about half of what they hold on average.
struct Minimum {
  const char* what;
  std::size_t count;
};

class Volume {
 public:
  void add(const Sequence& sequence);
  std::string text() const;
  /// What is too rare, one line each; empty: nothing.
  std::string shortage(const std::vector<Minimum>& minima) const;

 private:
  void count_requests(const Sequence& sequence);
  void count_events(const Sequence& sequence);
  std::size_t count_of(const std::string& what) const;

  std::size_t sequences_ = 0;
  std::size_t requests_ = 0;
  std::map<std::string, std::size_t> ops_;
  std::map<std::string, std::size_t> counts_;  ///< events, situations and reasons of refusals
};

}  // namespace nandtlm::test
