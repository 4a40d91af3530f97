package io.quorate.auth;

import org.springframework.data.repository.ListCrudRepository;

/** The roles in this member's database; writes only while an entry is applied. */
public interface RoleRepository extends ListCrudRepository<Role, String> {}
