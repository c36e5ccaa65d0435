#include <cstddef>
#include <cstdint>

#include "tests/fuzz/readers.h"

// The name and signature are the fuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  nandtlm::fuzz::expect_none(nandtlm::fuzz::judge_scenario({reinterpret_cast<const char*>(data), size}));
  return 0;
}
