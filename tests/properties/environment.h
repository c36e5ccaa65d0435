// How long the property tests are, and what they draw from: NANDTLM_... of the environment (docs/promises.md).
#pragma once

#include <cstdlib>

namespace nandtlm::test {

#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool kIsSlowBuild = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
inline constexpr bool kIsSlowBuild = true;
#else
inline constexpr bool kIsSlowBuild = false;
#endif
#else
inline constexpr bool kIsSlowBuild = false;
#endif

inline int from_environment(const char* variable, int otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::atoi(text);
}

}  // namespace nandtlm::test
