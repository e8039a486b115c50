/** Whose a topology's name is: one submission may follow another under the same name. */
package org.apache.heron.client.submission;
