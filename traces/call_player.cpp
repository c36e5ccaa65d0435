#include "traces/call_player.h"

namespace nandtlm {

char* CallPlayer::put(char* out, const RefusedRequest& request) {
  const auto& [op, die, targets, uid, wanted_start, refusal] = request;
  return put(put(put(put(put(put(out, op), die), targets), uid), wanted_start), refusal);
}

RefusedRequest CallPlayer::Reader::take_request() {
  return RefusedRequest{take<OpId>(), take<std::uint32_t>(), take<TargetList>(),
                        take<Uid>(),  take<Time>(),          take<Refusal>()};
}

void CallPlayer::take_op(Reader& reader) {
  OpInfo& op = record_at(reader.player.ops_, reader.take<std::uint32_t>());
  OpInfo::for_each_field(op, [&reader](auto& field) { field = reader.take<std::decay_t<decltype(field)>>(); });
}

}  // namespace nandtlm
