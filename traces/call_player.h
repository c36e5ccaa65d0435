// Calls of a TraceSink as bytes: one thread puts them down, another carries them out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <tuple>
#include <type_traits>
#include <vector>

#include "tlm/record_at.h"
#include "traces/trace_sink.h"

namespace nandtlm {

/// Carries out calls that were put down as bytes, on any number of sinks. A call is the address of what carries it out,
/// then its arguments. An operation goes by its slot: put_op() tells of it once, before the first call that names it.
class CallPlayer {
 public:
  /// Bytes that a call takes at most.
  static constexpr std::size_t kMaxCall = 256;

  /// `sink` outlives the last call.
  void attach(TraceSink& sink) { sinks_.push_back(&sink); }
  const std::vector<TraceSink*>& sinks() const { return sinks_; }

  /// Puts down at `out` the call of a method of TraceSink, e.g. put_call<&TraceSink::op_ended>(out, op, at). Returns
  /// its end.
  template <auto Method, typename... Args>
  static char* put_call(char* out, const Args&... args) {
    return Call<Method>::put_down(out, args...);
  }
  /// Puts down what `op` is from now on. Returns the end.
  static char* put_op(char* out, const OpInfo& op) {
    static_assert(sizeof(Step) + sizeof(OpInfo) + sizeof op.slot <= kMaxCall);
    out = put(put(out, Step{&CallPlayer::take_op}), op.slot);
    OpInfo::for_each_field(op, [&out](const auto& field) { out = put(out, field); });
    return out;
  }

  /// Carries out the calls that stand from `begin` to `end`, each on all sinks in the order of their attaching. What a
  /// sink throws passes through; the calls behind it are then lost.
  void play(const char* begin, const char* end) {
    Reader reader{begin, *this};
    while (reader.at != end) reader.take<Step>()(reader);
  }

 private:
  struct Reader;
  using Step = void (*)(Reader&);
  template <typename Value>
  using Taken = std::conditional_t<std::is_same_v<Value, OpInfo>, const OpInfo&, Value>;

  /// Takes what put() has put down. Lives on the stack of the thread that plays: it changes all the time, and must not
  /// lie beside what the other thread uses.
  struct Reader {
    const char* at;
    CallPlayer& player;

    template <typename Value>
    Taken<Value> take() {
      if constexpr (std::is_same_v<Value, OpInfo>) {
        return player.ops_[take<std::uint32_t>()];
      } else if constexpr (std::is_same_v<Value, TargetList>) {
        return take_targets();
      } else if constexpr (std::is_same_v<Value, RefusedRequest>) {
        return take_request();
      } else {
        Value value;
        std::memcpy(&value, at, sizeof value);
        at += sizeof value;
        return value;
      }
    }
    TargetList take_targets() {
      TargetList targets;
      for (auto left = take<std::uint8_t>(); left != 0; --left) targets.push_back(take<Target>());
      return targets;
    }
    RefusedRequest take_request();
  };

  template <auto Method>
  struct Call;
  template <typename... Args, void (TraceSink::*Method)(Args...)>
  struct Call<Method> {
    static char* put_down(char* out, const std::decay_t<Args>&... args) {
      static_assert((sizeof(Step) + ... + sizeof(std::decay_t<Args>)) <= kMaxCall);
      out = put(out, Step{&Call::carry_out});
      ((out = put(out, args)), ...);
      return out;
    }
    static void carry_out(Reader& reader) {
      // In braces: one after the other.
      const std::tuple<Taken<std::decay_t<Args>>...> args{reader.take<std::decay_t<Args>>()...};
      for (TraceSink* const sink : reader.player.sinks_) {
        std::apply([sink](const auto&... arg) { (sink->*Method)(arg...); }, args);
      }
    }
  };

  template <typename Value>
  static char* put(char* out, const Value& value) {
    static_assert(std::is_trivially_copyable_v<Value>);
    std::memcpy(out, &value, sizeof value);
    return out + sizeof value;
  }
  static char* put(char* out, const OpInfo& op) { return put(out, op.slot); }
  static char* put(char* out, const TargetList& targets) {
    out = put(out, static_cast<std::uint8_t>(targets.size()));
    for (const Target& target : targets) out = put(out, target);
    return out;
  }
  static char* put(char* out, const RefusedRequest& request);

  static void take_op(Reader& reader);

  std::vector<OpInfo> ops_;  ///< by slot
  std::vector<TraceSink*> sinks_;
};

}  // namespace nandtlm
