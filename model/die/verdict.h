// Answers of the ResourceManager: may it start, when, and what is in the way.
#pragma once

#include "tlm/reason.h"

namespace nandtlm {

/// A refusal by a rule alone.
inline Refusal refusal_of(Reason reason, const char* rule) {
  Refusal refusal;
  refusal.reason = reason;
  refusal.rule = rule;
  return refusal;
}

/// A refusal with the op (0: none) and the interval that stand in the way.
inline Refusal refusal_of(Reason reason, const char* rule, Uid blocker, Time from, Time to) {
  Refusal refusal = refusal_of(reason, rule);
  refusal.blocker = blocker;
  refusal.from = from;
  refusal.to = to;
  return refusal;
}

/// The answer to "may it start, and when".
struct Verdict {
  Time start = kNever;
  Refusal refusal;
  PlaneMask planes = 0;             ///< that it will occupy
  PlaneMask touches = 0;            ///< that the rules looked at
  bool nothing_to_suspend = false;  ///< accepted, but only for its ISSUE (SUS-02)
  bool resume_cancelled = false;    ///< a RESUME whose kept states do not fit (SUS-10)

  bool ok() const { return refusal.reason == Reason::None; }

  static Verdict at(Time start) {
    Verdict verdict;
    verdict.start = start;
    return verdict;
  }
  static Verdict refused(const Refusal& refusal) {
    Verdict verdict;
    verdict.refusal = refusal;
    return verdict;
  }
};

/// Something in the way, and when to ask again.
struct Blocker {
  Refusal refusal;
  Time retry = kNever;  ///< an earlier start is hopeless; kNever: no passing of time helps

  explicit operator bool() const { return refusal.reason != Reason::None; }
};

}  // namespace nandtlm
