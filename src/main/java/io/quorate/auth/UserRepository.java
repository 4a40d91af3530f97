package io.quorate.auth;

import org.springframework.data.repository.ListCrudRepository;

/** The users in this member's database; writes only while an entry is applied. */
public interface UserRepository extends ListCrudRepository<User, String> {}
