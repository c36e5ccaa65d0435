// The controller's patience: accepts batches, plans them on the dies, sends them at their time, keeps the backlogs.
#pragma once

#include <memory>
#include <systemc>
#include <tlm>
#include <vector>

#include "model/package.h"
#include "model/request.h"
#include "model/scheduler/backlog.h"
#include "tlm/payload_pool.h"

namespace nandtlm {

/// The initiator for one package; bind_all() connects it to every channel. It has no process: the package's agenda
/// calls it, at one instant in the order of EVT-01: ends of ops (the dies' work), refills, retries, new proposals,
/// starts.
class Scheduler : public sc_core::sc_module,
                  private PlanOwner,
                  private AgendaClient,
                  private tlm::tlm_bw_transport_if<> {
 public:
  Scheduler(sc_core::sc_module_name name, Package& package);

  /// Connects the scheduler's socket of every channel to the package. Call once, at elaboration.
  void bind_all();
  /// The initiator socket for a channel, for who wants to put something in between instead of bind_all().
  tlm::tlm_initiator_socket<>& socket(std::size_t channel) { return *sockets_[channel]; }

  /// Proposes `count` requests as one batch, all accepted or none; decided at the current instant, after what ends now.
  /// `client` hears the decision and every op's end, and must outlive them. Returns the batch's ticket.
  std::uint64_t submit(const Request* requests, std::size_t count, SchedulerClient& client);
  std::uint64_t submit(const Request& request, SchedulerClient& client) { return submit(&request, 1, client); }
  /// The same for a client whose own entry of the agenda is due, at the turn of proposals: decided on the spot. `first`
  /// is what the die answered to the first request, with nothing planned since: it is not asked again; nullptr: it was
  /// not asked. The requests get their dies and planes. Precondition: no other batch waits for its decision.
  std::uint64_t decide_now(Request* requests, std::size_t count, const Verdict* first, SchedulerClient& client);

  /// From now on `listener` hears every batch as it is decided; it outlives the last one. nullptr: nobody.
  void listen(BatchListener* listener) { listener_ = listener; }

  std::size_t backlog_size(std::uint32_t die, Family family) const { return backlog(die, family).size(); }
  /// True where the backlog holds something, or a refill or retry of it is pending: its family waits in line (BKL-01).
  bool waits(std::uint32_t die, Family family) const {
    const Backlog& waiting = backlog(die, family);
    return !waiting.empty() || waiting.busy();
  }
  /// True while a refill of the backlog or its retry is pending (BKL-05).
  bool refill_pending(std::uint32_t die, Family family) const { return backlog(die, family).busy(); }

  /// A client that may be part of a snapshot says so at elaboration.
  void enroll(SchedulerClient& client) { clients_.enroll(client); }
  /// SNP-01: between two instants, after the package. Throws StateError where somebody else sent an operation.
  void transfer(StateArchive& archive);

 private:
  /// A batch that waits for its decision.
  struct Proposal {
    std::uint64_t ticket = 0;
    SchedulerClient* client = nullptr;
    std::size_t count = 0;
    Request* requests = nullptr;     ///< from its decision on
    const Verdict* first = nullptr;  ///< on the first request, where it was judged before
  };
  /// What the scheduler knows of an accepted op beside its record; by slot.
  struct Ticket {
    SchedulerClient* client = nullptr;
    std::uint64_t batch = 0;
    std::uint32_t index = 0;
    PageData data;
    CalendarHandle start;
  };

  // scheduler.cpp: the instant and its order.
  void due(Turn turn, Op* op, std::uint32_t argument) override;
  void retry(std::uint32_t die, Family family);
  void run_start(Op& op);

  // proposals.cpp
  void decide_next();
  void decide(const Proposal& proposal);
  void resolve_dies(const Proposal& proposal) const;
  Refusal place(const Proposal& proposal, std::size_t i);
  Refusal judge_batch(const Proposal& proposal) const;
  Verdict verdict_for(ResourceManager& plan, const Request& request, Time not_before);
  Time earliest_start(const Request& request) const;
  bool must_queue(const ResourceManager& plan, const Request& request, Family family, Time not_before) const;
  Refusal queue(ResourceManager& plan, const Request& request);
  void refuse(const Proposal& proposal, std::size_t i, const Refusal& refusal);
  void accept(const Proposal& proposal);

  // dispatch.cpp
  void start(Op& op);
  tlm::tlm_sync_enum nb_transport_bw(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                     sc_core::sc_time& delay) override;
  void invalidate_direct_mem_ptr(sc_dt::uint64 /*start*/, sc_dt::uint64 /*end*/) override {}
  void finished(const tlm::tlm_generic_payload& payload, const NandCommand& command);
  void note_resume(std::uint32_t die, Family family);
  OpResult result_for(std::uint32_t slot, Uid uid, OpId op, std::uint32_t die) const;
  OpResult result_of(const Op& op) const;
  void deliver(std::uint32_t slot, const OpResult& result);

  // refill.cpp
  void refill(std::uint32_t die, Family family);
  void reserve_head(std::uint32_t die, Family family);
  void retry_later(std::uint32_t die, Family family);
  void tell_dropped(const Op& op);
  void tell_size(std::uint32_t die, Family family);
  void give_up_start(const Op& op);
  void reservation_revoked(Op& op, Time planned_start, Time suspend_end) override;
  void aborted_before_start(Op& op) override;

  static std::uint32_t backlog_index(std::uint32_t die, Family family) {
    return die * static_cast<std::uint32_t>(kFamilies) + static_cast<std::uint32_t>(family);
  }
  Backlog& backlog(std::uint32_t die, Family family) { return backlogs_[backlog_index(die, family)]; }
  const Backlog& backlog(std::uint32_t die, Family family) const { return backlogs_[backlog_index(die, family)]; }
  ResourceManager& planner(std::uint32_t die) { return package_.die(die).planning->planner(); }
  Ticket& ticket(const Op& op) { return tickets_[op.info.slot]; }
  void transfer_sent(StateArchive& archive, Op& op);
  tlm::tlm_generic_payload& payload_for(const Op& op);
  Ticket& new_ticket(const Op& op) {
    if (tickets_.size() <= op.info.slot) tickets_.resize(op.info.slot + 1);
    return tickets_[op.info.slot];
  }

  Package& package_;
  const Device& device_;
  Agenda& agenda_;
  PayloadPool pool_;
  Roster<SchedulerClient> clients_;
  std::vector<std::unique_ptr<tlm::tlm_initiator_socket<>>> sockets_;
  std::vector<Backlog> backlogs_;
  FlatQueue<Proposal> proposals_;
  FlatQueue<Request> requests_;  ///< of the proposals, one after the other
  std::vector<Ticket> tickets_;
  /// One request of the batch under decision.
  struct Placed {
    Op* op = nullptr;
    Time start = kNever;
    bool queued = false;  ///< without a reservation, for the backlog
  };
  std::vector<Placed> placed_;
  Journal journal_{Journal::Mode::Final};  ///< of the batch under decision
  BatchDecision decision_;
  std::uint64_t next_batch_ = 1;
  BatchListener* listener_ = nullptr;
};

}  // namespace nandtlm
