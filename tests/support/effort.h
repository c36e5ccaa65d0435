// How much a long test does: short in every test run, shorter under a sanitizer, as long as NANDTLM_... of the
// environment says (docs/promises.md).
#pragma once

#include <cstdlib>
#include <string>

namespace nandtlm::test {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kSanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(undefined_behavior_sanitizer)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif
#else
inline constexpr bool kSanitized = false;
#endif

inline bool soaking() {
  const char* text = std::getenv("NANDTLM_SOAK");
  return text != nullptr && std::string(text) == "1";
}

inline int from_environment(const char* variable, int otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::atoi(text);
}

}  // namespace nandtlm::test
