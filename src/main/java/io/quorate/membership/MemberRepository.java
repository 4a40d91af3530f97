package io.quorate.membership;

import org.springframework.data.repository.ListCrudRepository;

/** The members in this member's database; writes only while an entry is applied. */
public interface MemberRepository extends ListCrudRepository<Member, Long> {}
