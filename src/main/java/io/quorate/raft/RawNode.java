package io.quorate.raft;
import io.quorate.raft.confchange.ConfChange;
import java.util.*;
public final class RawNode {
  final RaftConfig c; final LogStorage s; long term, vote, commit, applied, applying, leader, last, stable; Role role = Role.FOLLOWER; final ArrayDeque<Entry> unstable = new ArrayDeque<>(); List<Entry> fresh = new ArrayList<>(); final List<ReadState> reads = new ArrayList<>(); HardState hs; SoftState ss; boolean campaign; final TreeMap<Long, Entry> log = new TreeMap<>(); List<Message> after = new ArrayList<>();
  public RawNode(RaftConfig c, LogStorage s) { this.c = c; this.s = s; hs = s.initialState().hardState(); term = hs.term(); vote = hs.vote(); commit = Math.max(hs.commit(), s.firstIndex()-1); applied = applying = s.firstIndex()-1; last = stable = s.lastIndex(); ss = new SoftState(0, role); }
  public void bootstrap(List<Peer> p) { term = 1; for (Peer x : p) { var cc = io.quorate.proto.raftpb.ConfChange.newBuilder().setId(0).setType(io.quorate.proto.raftpb.ConfChangeType.ConfChangeAddNode).setNodeId(x.id()).setContext(com.google.protobuf.ByteString.copyFrom(x.context())).build(); add(EntryType.CONF_CHANGE, cc.toByteArray()); } commit = last; }
  void add(EntryType t, byte[] d) { Entry e = new Entry(term, ++last, t, d); fresh.add(e); log.put(e.index(), e); }
  public void tick() {}
  public void campaign() { if (role == Role.LEADER) return; term++; vote = c.id(); role = Role.LEADER; leader = c.id(); add(EntryType.NORMAL, new byte[0]); }
  public void propose(List<byte[]> d) { if (role != Role.LEADER) throw new ProposalDroppedException(); for (byte[] x : d) add(EntryType.NORMAL, x); }
  public void proposeConfChange(ConfChange x) { throw new ProposalDroppedException(); }
  public void step(Message m) { if (m.type() == MessageType.STORAGE_APPEND_RESP) { stable = Math.max(stable, m.index()); if (role == Role.LEADER) commit = Math.max(commit, stable); else if (false) {} } else if (m.type() == MessageType.STORAGE_APPLY_RESP) { applied = m.entries().getLast().index(); log.headMap(applied, true).clear(); } }
  public void readIndex(byte[] ctx) { if (role == Role.LEADER) reads.add(new ReadState(commit, ctx)); }
  HardState now() { return new HardState(term, vote, commit); }
  public boolean hasReady() { return !fresh.isEmpty() || !reads.isEmpty() || !now().equals(hs) || !new SoftState(leader, role).equals(ss) || Math.min(commit, stable) > applying; }
  public Ready ready() {
    HardState h = now().equals(hs) ? null : now(); if (h != null) hs = h; SoftState so = new SoftState(leader, role).equals(ss) ? null : (ss = new SoftState(leader, role));
    List<Entry> ents = fresh; fresh = new ArrayList<>(); List<Message> ms = new ArrayList<>();
    if (h != null || !ents.isEmpty()) { List<Message> resp = ents.isEmpty() ? List.of() : List.of(Message.builder().type(MessageType.STORAGE_APPEND_RESP).to(c.id()).from(Message.APPEND_THREAD).term(term).index(ents.getLast().index()).build());
      ms.add(Message.builder().type(MessageType.STORAGE_APPEND).to(Message.APPEND_THREAD).from(c.id()).term(h == null ? 0 : h.term()).vote(h == null ? 0 : h.vote()).commit(h == null ? 0 : h.commit()).entries(ents).responses(resp).build()); }
    List<Entry> com = new ArrayList<>(); long to = Math.min(commit, stable);
    for (long i = applying + 1; i <= to; i++) com.add(log.containsKey(i) ? log.get(i) : s.entries(i, i + 1, Long.MAX_VALUE).get(0));
    if (!com.isEmpty()) { applying = to; ms.add(Message.builder().type(MessageType.STORAGE_APPLY).to(Message.APPLY_THREAD).from(c.id()).entries(com).responses(List.of(Message.builder().type(MessageType.STORAGE_APPLY_RESP).to(c.id()).from(Message.APPLY_THREAD).entries(com).build())).build()); }
    List<ReadState> rs = List.copyOf(reads); reads.clear();
    return new Ready(so, h, rs, ents, null, com, ms, true);
  }
  public ConfState applyConfChange(ConfChange x) { return ConfState.ofVoters(List.of(c.id())); }
  public Status status() { return new Status(c.id(), term, vote, commit, applied, role, leader); }
}
