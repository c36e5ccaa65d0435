// The border between the model's picoseconds and the kernel's sc_time.
#pragma once

#include <systemc>

#include "tlm/types.h"

namespace nandtlm {

/// Converts with one multiplication. Made after elaboration began, so that the resolution stands.
class KernelTime {
 public:
  /// Reports a fatal error where the kernel's resolution is coarser than 1 ps.
  KernelTime() : ticks_per_ps_(sc_core::sc_time(1, sc_core::SC_PS).value()) {
    if (ticks_per_ps_ == 0) SC_REPORT_FATAL("/nandtlm/time", "the time resolution must be 1 ps or finer");
  }

  sc_core::sc_time to_kernel(Time time) const {
    return sc_core::sc_time::from_value(static_cast<sc_dt::uint64>(time) * ticks_per_ps_);
  }
  /// Rounds up to a whole picosecond.
  Time from_kernel(const sc_core::sc_time& time) const {
    if (ticks_per_ps_ == 1) return static_cast<Time>(time.value());  // the default resolution: no division
    return static_cast<Time>((time.value() + ticks_per_ps_ - 1) / ticks_per_ps_);
  }
  Time now() const { return from_kernel(sc_core::sc_time_stamp()); }

 private:
  sc_dt::uint64 ticks_per_ps_;
};

}  // namespace nandtlm
